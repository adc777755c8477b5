# Which losses are aligned with the principle, and below which value it holds.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)

    function Get-ErrorId([scriptblock] $Code) {
        try { $null = & $Code } catch { return $_.FullyQualifiedErrorId -replace ',.*' }
    }
}

Describe 'Test-SlcLossAlignment' {
    It 'says of each loss what Get-SlcLoss says, for batches of 128 with 10 classes' {
        $found = Test-SlcLossAlignment
        $paper = Get-SlcLoss | Where-Object Origin -EQ Paper
        $found.Loss | Should -Be $paper.Name
        $found.Aligned | Should -Be $paper.Aligned
        $others = Get-SlcLoss | Where-Object Origin -EQ Literature
        (Test-SlcLossAlignment $others.Name).Aligned | Should -Be $others.Aligned
        $found[0].BatchSize, $found[0].ExampleCount, $found[0].ClassCount | Should -Be 128, 128, 10
        foreach ($loss in $found | Where-Object Aligned) {
            $loss.CriticalValue | Should -BeGreaterThan $loss.Infimum
            $loss.CertifiedLowerBound | Should -BeLessOrEqual $loss.CriticalValue
            $loss.Ratio | Should -BeLessOrEqual 1.001
        }
        foreach ($loss in $found | Where-Object Aligned -EQ $false) {
            $loss.CriticalValue, $loss.CriticalExcess, $loss.Ratio | Should -Be $null, $null, $null
            $loss.Attained | Should -BeLessThan 1e-6
        }
    }

    It 'gives logits that other cmdlets take, and that say the same' {
        foreach ($found in Test-SlcLossAlignment -BatchSize 4 -ClassCount 3 -Alpha 0.02 -Gamma 2 -NoiseCount 7) {
            $logits = $found.Configuration.ToLogits()
            ($logits | Measure-SlcLoss $found.Loss -Alpha 0.02 -Gamma 2 -NoiseCount 7).Value | Should -BeGreaterThan ($found.Attained - 1e-12)
            ($logits | Measure-SlcLoss $found.Loss -Alpha 0.02 -Gamma 2 -NoiseCount 7).Value | Should -BeLessThan ($found.Attained + 1e-12)
            $report = $logits | Test-SlcSeparation
            $report.Holds | Should -BeFalse
            $report.Witness.ForEach{ "$_" } | Should -Contain "$($found.Configuration.Pair)"
            $found.Configuration.Labels[1] | Should -Be $logits.Labels.ToArray()[1]
        }
    }

    It 'finds with a search what it proved, and nothing below' {
        $found = Test-SlcLossAlignment SelfNorm, BatchMaxMargin, CE -BatchSize 3 -ClassCount 4 -Below 1e-4 -Search
        foreach ($loss in $found[0, 1]) {
            $loss.Search.Ratio | Should -BeGreaterThan 0.999999999
            $loss.Search.Ratio | Should -BeLessThan 1.001
        }
        $found[2].Search.Value | Should -BeLessThan 1e-4
        $found[2].Search.Configuration.ToLogits() | Test-SlcSeparation -Quiet | Should -BeFalse
    }

    It 'takes labels and frequencies, and the size from them' {
        $given = Test-SlcLossAlignment NCE -NoisePrior ClassFrequency -ClassFrequency 3, 9, 5 -Label 1, 1, 0, 2
        $given.BatchSize, $given.ClassCount | Should -Be 4, 3
        $given.Configuration.Labels | Should -Be 1, 1, 0, 2
        $given.CriticalExcess | Should -BeGreaterOrEqual $given.LeastExcess
        $data = Get-SlcDataset
        $counts = $data.Train.CountClasses()
        $fromData = $data | Test-SlcLossAlignment NCE -NoisePrior ClassFrequency
        $fromData.ClassCount | Should -Be 10
        $fromData.CriticalValue | Should -Be (Test-SlcLossAlignment NCE -NoisePrior ClassFrequency -ClassFrequency $counts).CriticalValue
        $fromData.Note | Should -Match 'rarest'
    }

    It 'asks a sample for more than a batch' {
        $sample, $batch = 100, 10 | ForEach-Object { Test-SlcLossAlignment BatchCE -BatchSize 10 -ExampleCount $_ }
        $sample.CriticalValue | Should -BeLessThan $batch.CriticalValue
        "$($sample.Evidence)", "$($batch.Evidence)" | Should -Be 'Certified', 'ClosedForm'
        [Math]::Abs($batch.CriticalValue * 10 - [Math]::Log(2)) | Should -BeLessThan 1e-14
    }

    It 'needs no libtorch but for a search' {
        $line = Invoke-NewProcess "Import-Module '$(Get-ManifestPath)'; `$null = Test-SlcLossAlignment
            [Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName -match 'torch_cpu|LibTorchSharp' | Measure-Object | ForEach-Object Count"
        $line[-1] | Should -Be '0'
    }

    It 'has the values of Measure-SlcLoss where class frequencies matter' {
        $frequency = @{ NoisePrior = 'ClassFrequency'; ClassFrequency = 1, 10, 100 }
        $found = Test-SlcLossAlignment NCE -BatchSize 2 @frequency
        $measured = $found.Configuration.ToLogits() | Measure-SlcLoss NCE @frequency
        [Math]::Abs($measured.Value - $found.Attained) | Should -BeLessThan 1e-12
        ($found.Configuration.ToLogits() | Measure-SlcLoss NCE -NoisePrior ClassFrequency).Value | Should -BeGreaterThan 1
    }

    It 'concludes nothing of a loss that falls for ever' {
        $found = Test-SlcLossAlignment @{ Endless = { param($logits, $labels) ($logits.FalseLogit($labels).Max() - $logits.TrueLogit($labels)).Mean() } } -BatchSize 2 -ClassCount 3
        $found.Aligned, $found.CriticalValue | Should -Be $null, $null
        $found.Note | Should -Match 'still falling'
    }

    It 'refuses what it cannot answer' {
        Get-ErrorId { Test-SlcLossAlignment BatchC } | Should -Be 'UnknownLoss'
        Get-ErrorId { Test-SlcLossAlignment CE -BatchSize 0 } | Should -Be 'InvalidAlignmentRequest'
        Get-ErrorId { Test-SlcLossAlignment CE -Alpha 0 } | Should -Be 'InvalidLossOption'
        Get-ErrorId { Test-SlcLossAlignment NCE -NoisePrior ClassFrequency } | Should -Be 'InvalidAlignmentRequest'
        Get-ErrorId { Test-SlcLossAlignment CE -ClassCount 9999999 -Search } | Should -Be 'SearchTooLarge'
        Get-ErrorId { Get-SlcDataset | Test-SlcLossAlignment NCE -ClassFrequency 1, 2 } | Should -Be 'ClassFrequencyTwice'
    }

    It 'is shown in 80 columns' {
        $lines = (Test-SlcLossAlignment -BatchSize 128 -ExampleCount 60000 -ClassCount 1000 | Out-String -Width 80) -split '\r?\n' | Where-Object { $_.Trim() }
        $lines[0] | Should -Match '^Loss +Batch +Aligned +Infimum +Critical +Attained +Evidence'
        $lines | Where-Object { $_.TrimEnd().Length -gt 80 } | Should -BeNullOrEmpty
        $lines -match '^BatchMaxMargin 128/60000 x 1000 ' | Should -HaveCount 1
    }

    It 'is derived in an about topic' {
        Get-Help about_Slc_Principle | Out-String | Should -Match 'log 2 / m'
    }
}

Describe 'examples/alignment.ps1' {
    It 'prints a table, and writes one' {
        $out = Join-Path $TestDrive 'alignment.csv'
        $text = Invoke-NewProcess "& '$(Get-RepositoryRoot)/examples/alignment.ps1' -Loss CE, BatchCE -BatchSize 2 -ClassCount 2,3 -OutFile '$out'"
        $text -join "`n" | Should -Match '0\.3465736'
        $rows = Import-Csv $out
        $rows.Count | Should -Be 4
        [double] $rows[3].Ratio | Should -BeLessThan 1.001
        [double] $rows[0].Searched | Should -BeLessThan 1e-6
    }
}

Describe 'examples/certificates.ps1' {
    It 'puts certificates beside what holds, and writes both' {
        $out = Join-Path $TestDrive 'certificates.csv'
        $text = Invoke-NewProcess "& '$(Get-RepositoryRoot)/examples/certificates.ps1' -Dataset Digits -Loss CE, BinaryCE, BatchMaxMargin -Step 300 -BatchSize 32 -OutFile '$out'"
        $text -join "`n" | Should -Match 'BinaryCE +\d+\.\d ?% +Train'
        $rows = Import-Csv $out
        $rows.Split | Should -Be ('Train', 'Test', 'Train', 'Test', 'Train', 'Test')
        foreach ($row in $rows) {
            ($row.Certified -eq '') | Should -Be ($row.Loss -eq 'CE')
            ($row.Holds -eq 'True') | Should -Be ([double] $row.Margin -gt 0)
            ($row.Holds -eq 'True') | Should -Be ($row.ViolatingPairs -eq 0)
            if ($row.Holds -eq 'True') { $row.ClassesHolding | Should -Be 10 }
        }
        [double] ($rows | Where-Object Loss -EQ BatchMaxMargin)[0].Certified | Should -BeGreaterThan 0
    }
}
