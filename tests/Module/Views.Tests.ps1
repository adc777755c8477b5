# What users see at 80 columns.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $data = Get-SlcDataset
    New-LogitFile "$TestDrive/nan.npz" @((, @(1.0, 0.0)) + (, @([double]::NaN, 2.0))) @(0, 1)
    $models = $data | Start-SlcTraining * -Step 5 -HiddenUnit 8 -LearningRate 0.01

    function Show($Objects) { ($Objects | Out-String -Width 80) -replace '\x1b\[[0-9;]*m' -split '\r?\n' | Where-Object { $_.Trim() } }
}

Describe 'The view of metrics' {
    It 'is the paper''s table, one minus each' {
        $metrics = $models | Measure-SlcMetrics -AllLogits
        $lines = Show $metrics
        $lines[0] -split '\s{2,}|(?<=Prec@0\.9+)\s|(?<=AUPRC)\s' | ForEach-Object Trim |
            Should -Be 'Dataset', 'Loss', '1-AUPRC', '1-Prec@0.9', '1-Prec@0.99', '1-Acc.'
        $lines.Count | Should -Be (2 + 8)
        $lines[2] | Should -Match ('^Digits +CE +' + (1 - $metrics[0].Auprc).ToString('f4'))
        $lines[3] | Should -Match '^Digits +CE, all logits '
        $lines[9] | Should -Match 'BatchMaxMargin'
    }

    It 'marks the best of each column also where the rows are shown as they come' {
        $rendering = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'Ansi'
            $metrics = $models | Measure-SlcMetrics
            $best = '{0:f4}' -f (1 - ($metrics.Auprc | Measure-Object -Maximum).Maximum)
            foreach ($text in ($models | Measure-SlcMetrics | Out-String -Width 80), ($metrics | Measure-SlcSummary | Out-String -Width 80)) {
                ($text -split "`e\[1m$([regex]::Escape($best))`e\[22m").Count | Should -BeGreaterThan 1
            }
        } finally { $PSStyle.OutputRendering = $rendering }
    }

    It 'gives what was measured before an error ends the command' {
        $found = & { try { $models[0, 1] + (, (Import-SlcLogit "$TestDrive/nan.npz")) | ForEach-Object { $_ } | Measure-SlcMetrics -ErrorAction Stop } catch { 'error' } }
        $found.Count | Should -Be 3
        $found[2] | Should -Be 'error'
    }

    It 'leaves the properties as they are' {
        ($models[0] | Measure-SlcMetrics).Auprc | Should -BeOfType double
    }
}

Describe 'Every view' {
    It 'fits 80 columns and cuts no name of a loss' {
        $all = @(
            , $models
            , ($models | Measure-SlcMetrics -AllLogits)
            , ($models | Test-SlcSeparation)
            , ($models | Get-SlcLogit)
            , ($models | Measure-SlcLoss BatchMaxMargin)
        )
        foreach ($objects in $all) {
            $lines = Show $objects
            $lines | Where-Object { $_.TrimEnd().Length -gt 80 } | Should -BeNullOrEmpty
            $lines -match 'BatchMaxMargin' | Should -Not -BeNullOrEmpty -Because ($lines -join "`n")
        }
        foreach ($objects in @(, $data), @(Get-SlcDataset -ListAvailable), @(Get-SlcDevice), @(Get-SlcLoss),
            @($models[0] | Measure-SlcThreshold), @($models[0] | Find-SlcMatch 1 -Threshold -1e9 -Top 2),
            @(($models[0] | Test-SlcSeparation).Witness), @($models[0].History), @(($models[0] | Measure-SlcMetrics).Class)) {
            $lines = Show $objects
            $lines.Count | Should -BeGreaterThan 2
            $lines[1] | Should -Match '^ *-[- ]+$' -Because "it is a table:`n$($lines -join "`n")"
        }
    }

    It 'cuts no data set at 80 columns, and says more at 200' {
        $long = $models[0] | Get-SlcLogit | ForEach-Object { $_ | Export-SlcLogit "$TestDrive/a.npz"; Import-SlcLogit "$TestDrive/a.npz" -Dataset FashionMNIST -Split Validation -Loss BatchMaxMargin -Seed 7 }
        foreach ($result in ($long | Measure-SlcMetrics), ($long | Test-SlcSeparation), ($long | Measure-SlcLoss CE)) {
            (Show $result) -match 'FashionMNIST Validation +BatchMaxMargin' | Should -Not -BeNullOrEmpty
        }
        foreach ($result in ($long | Measure-SlcMetrics), ($long | Test-SlcSeparation)) {
            $wide = ($result | Out-String -Width 200) -split '\r?\n' | Where-Object { $_ }
            ($wide -match ' Rate +Seed ').Count | Should -Be 1
            ($wide -match ' 7 ').Count | Should -Be 1
        }
    }

    It 'has room for other recalls, for long names of measures, and no p-value of 0' {
        $metrics = $models | Measure-SlcMetrics -Recall 0.5
        $lines = Show $metrics
        $lines[1] | Should -Match '1-Acc. +1-Prec@Recall'
        $lines[3] | Should -Match ('^CE +' + (1 - $metrics[0].Auprc).ToString('f4') + ' .* 0\.5: ' + (1 - $metrics[0].PrecisionAtRecall[0.5]).ToString('f4'))
        ($metrics | Format-Table -View Extended | Out-String -Width 80) | Should -Match '1-Prec@Recall'
        ($metrics | Format-Table -View Extended | Out-String -Width 80) | Should -Match '0\.5: 0\.\d{4}'
        $comparison = $metrics | Compare-SlcLoss -Metric PrecisionAt90
        foreach ($width in 80, 120, 200) {
            $lines = ($comparison[0] | Format-List | Out-String -Width $width) -replace '\x1b\[[0-9;]*m' -split '\r?\n' | Where-Object { $_.Trim() }
            $lines | Where-Object { $_.TrimEnd().Length -gt $width } | Should -BeNullOrEmpty
            (($lines -join ' ') -replace '\s+', ' ') | Should -Match ([regex]::Escape($comparison[0].Verdict)) -Because 'no word of it is broken or left out'
            $lines -match '1-Prec@0\.9$' | Should -Not -BeNullOrEmpty
        }
        ($comparison | Out-String -Width 80) | Should -Match '(?s)Dataset: Digits.*p \(Holm\)' -Because 'a table is the usual view'
        [LogitSeparation.PowerShell.ViewText]::Sentences(('word ' * 60).Trim(), 200) -split '\n' | ForEach-Object Length | Measure-Object -Maximum |
            ForEach-Object Maximum | Should -BeGreaterThan 170
        [LogitSeparation.PowerShell.ViewText]::PValue(1e-5) | Should -Be '<0.0001'
        [LogitSeparation.PowerShell.ViewText]::PValue(0.25) | Should -Be '0.2500'
        [LogitSeparation.PowerShell.ViewText]::SmallShare(1e-9) | Should -Be '<0.001%'
        [LogitSeparation.PowerShell.ViewText]::SmallShare(0.0) | Should -Be '0.000%'
    }

    It 'writes numbers alike in every culture' {
        $culture = [cultureinfo]::InvariantCulture.Clone()
        $culture.NumberFormat.NumberDecimalSeparator = ','
        $culture.NumberFormat.PercentDecimalSeparator = ','
        $before = [cultureinfo]::CurrentCulture
        $metrics = $models | Measure-SlcMetrics -Bootstrap 20
        try {
            [cultureinfo]::CurrentCulture = $culture
            foreach ($objects in @($metrics), @($models), @($models | Test-SlcSeparation), @($metrics | Compare-SlcLoss), @($metrics | Measure-SlcSummary),
                @($metrics[0].Class), @($models[0].History), @($models | Measure-SlcLoss CE), @($models[0] | Measure-SlcThreshold)) {
                ($objects | Out-String -Width 80) | Should -Not -Match '\d,\d'
            }
            ($metrics[0] | Format-List | Out-String -Width 80) | Should -Not -Match '\d,\d'
            ($metrics | Format-Table -View Extended | Out-String -Width 200) | Should -Not -Match '\d,\d'
        } finally { [cultureinfo]::CurrentCulture = $before }
    }

    It 'shows all measures as a list, with intervals where there are some' {
        $text = $models[0] | Measure-SlcMetrics -Recall 0.5 -Bootstrap 20 | Format-List | Out-String -Width 80
        foreach ($name in 'AuprcTrapezoid', 'AuprcWeighted', 'BestF1', 'BestF1Weighted', 'BalancedAccuracy', 'Top5Accuracy', 'UniformAccuracy') {
            $text | Should -Match "$name\s+: \d\.\d{4}  \d\.\d{4} … \d\.\d{4}"
        }
        $text | Should -Match '0\.5: \d\.\d{4}, 0\.9: '
    }

    It 'has a table of the measures that the paper leaves out' {
        $metrics = $models | Measure-SlcMetrics
        $lines = ($metrics | Format-Table -View Extended | Out-String -Width 80) -replace '\x1b\[[0-9;]*m' -split '\r?\n' | Where-Object { $_.Trim() }
        $lines[0] | Should -Match '1-Top5 +1-Uniform'
        $lines[2] | Should -Match ('^CE +' + (1 - $metrics[0].Auprc).ToString('f4'))
        $lines | Where-Object { $_.TrimEnd().Length -gt 80 } | Should -BeNullOrEmpty
    }

    It 'draws curves where there is room, and none into properties' {
        (Show $models) -match '[▁-█]' | Should -BeNullOrEmpty
        ($models | Out-String -Width 200) | Should -Match '█▁|[▁-█]{3}'
        (($models[0] | Measure-SlcMetrics).Class | Out-String -Width 80) | Should -Match '█'
        (($models[0] | Measure-SlcMetrics).Class | ConvertTo-Csv) -match '[▁-█]' | Should -BeNullOrEmpty
    }

    It 'scales curves and bars' {
        [LogitSeparation.PowerShell.Sparkline]::Curve([double[]] (1, 2, 3, 4, 5, 6, 7, 8), 8) | Should -Be '▁▂▃▄▅▆▇█'
        [LogitSeparation.PowerShell.Sparkline]::Curve([double[]] (5, 5), 8) | Should -Be '▁▁'
        [LogitSeparation.PowerShell.Sparkline]::Curve([double[]] ([double]::NaN), 8) | Should -Be ''
        [LogitSeparation.PowerShell.Sparkline]::Bar(0.5, 3) | Should -Be '█▌'
        [LogitSeparation.PowerShell.Sparkline]::Bar(2, 3) | Should -Be '███'
        [LogitSeparation.PowerShell.Sparkline]::ErrorBar(0.01, 4) | Should -Be '██'
        [LogitSeparation.PowerShell.Sparkline]::ErrorBar($null, 4) | Should -Be ''
    }

    It 'cuts no heading and no number at 120 columns' {
        foreach ($objects in @($models | Measure-SlcMetrics), @($models | Test-SlcSeparation), @($models)) {
            $lines = ($objects | Out-String -Width 120) -replace '\x1b\[[0-9;]*m' -split '\r?\n' | Where-Object { $_.Trim() }
            $lines[1] | Should -Match '^ *-[- ]+$' -Because "headings stand in one line:`n$($lines -join "`n")"
            $lines[2] | Should -Not -Match '…'
        }
    }

    It 'lists a model, a data set and a separation report without pieces of code or broken words' {
        $reports = @($models[0] | Test-SlcSeparation -ByClass)
        foreach ($object in $models[0], $data, $reports[0]) {
            $text = $object | Format-List | Out-String -Width 80
            $text | Should -Not -Match 'System\.|Core\.|\{ '
            $text -replace '(?m)^\S*Checksum .*\r?\n.*$' -split '\r?\n' | Where-Object { $_.TrimEnd().Length -ge 80 } | Should -BeNullOrEmpty
        }
        ($models[0] | Format-List | Out-String -Width 80) | Should -Match 'LearningRate 0\.01'
        ($reports[0] | Format-List | Out-String) | Should -Match 'HoldsByClass'
        ($models[0] | Test-SlcSeparation | Format-List | Out-String) | Should -Not -Match 'HoldsByClass|(?m)^Class '
    }

    It 'says where all logits add no row' {
        $null = $models | Where-Object Loss -EQ 'BatchCE' | Measure-SlcMetrics -AllLogits -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -Match 'not to BatchCE'
        $null = $models | Measure-SlcMetrics -AllLogits -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeNullOrEmpty
    }

    It 'names a folder of data sets that is not there' {
        $before = $env:SLC_DATA
        try {
            $env:SLC_DATA = "$TestDrive/nowhere"
            { Get-SlcDataset SVHN -ErrorAction Stop } | Should -Throw "*SLC_DATA names '*nowhere', and there is no such folder.*"
        } finally { $env:SLC_DATA = $before }
    }

    It 'shows one loss in full as a list' {
        $text = Get-SlcLoss NCE | Format-List | Out-String
        $text | Should -Match 'Formula'
        $text | Should -Match 'NoiseCount, NoisePrior, NoiseSampling'
    }
}
