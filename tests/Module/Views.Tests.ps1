# What users see at 80 columns.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $data = Get-SlcDataset
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

    It 'shows all measures as a list, with intervals where there are some' {
        $text = $models[0] | Measure-SlcMetrics -Recall 0.5 -Bootstrap 20 | Format-List | Out-String -Width 80
        foreach ($name in 'AuprcTrapezoid', 'AuprcWeighted', 'BestF1', 'Top5Accuracy', 'UniformAccuracy') {
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

    It 'shows one loss in full as a list' {
        $text = Get-SlcLoss NCE | Format-List | Out-String
        $text | Should -Match 'Formula'
        $text | Should -Match 'NoiseCount, NoisePrior, NoiseSampling'
    }
}
