# What one logit costs, as users measure it. Times are never judged here: multiply-adds are.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $quick = @{ Repetition = 3; TimeLimit = 1 }
}

Describe 'Measure-SlcLatency' {
    It 'gives one logit the same multiply-adds for any number of classes, and all logits k times as many' {
        $measures = Measure-SlcLatency OneLogit, AllLogits -ClassCount 10, 1000 -FeatureCount 64 -BatchSize 1, 4 -Memory Warm @quick
        $measures.Count | Should -Be 8
        $measures | ForEach-Object { $_.Nanoseconds | Should -BeGreaterThan 0 }
        foreach ($measure in $measures | Where-Object Method -EQ OneLogit) { $measure.MultiplyAddCount | Should -Be (64 * $measure.BatchSize) }
        foreach ($measure in $measures | Where-Object Method -EQ AllLogits) { $measure.MultiplyAddCount | Should -Be (64 * $measure.BatchSize * $measure.ClassCount) }
        $measures[0].WeightBytes | Should -Be (65 * 4)
    }

    It 'measures trunk and head of a model that is piped in' {
        $model = Get-SlcDataset | Start-SlcTraining BatchCE -Step 5 -HiddenUnit 16
        $measures = $model | Measure-SlcLatency -Memory Warm @quick
        $measures.Method | Should -Be ([enum]::GetNames($measures[0].Method.GetType()))
        $network = Get-SlcNetwork MLP -InputShape 8, 8 -HiddenUnit 16 -ClassCount 10
        $measures[0].MultiplyAddCount + $measures[1].MultiplyAddCount | Should -Be $network.SingleLogitMultiplyAddCount
        $measures[0].MultiplyAddCount + ($measures | Where-Object Method -EQ AllLogits).MultiplyAddCount | Should -Be $network.MultiplyAddCount
        $measures[1].Model | Should -Be "$model"
    }

    It 'takes frequencies and cutoffs' {
        $measure = Measure-SlcLatency AdaptiveSoftmax -ClassFrequency 1, 9, 3, 2 -FeatureCount 16 -Cutoff 2 -Memory Warm @quick
        $measure.ClassCount | Should -Be 4
        $measure.Setup | Should -Be 'cutoffs 2; features 4'
        $measure.MultiplyAddCount | Should -Be (3 * 16 + (16 * 4 + 2 * 4) / 2)
        (Measure-SlcLatency AdaptiveSoftmax -ClassFrequency 1, 9, 3, 2 -FeatureCount 16 -Cutoff 2 -Memory Warm -Draw Frequency @quick).MultiplyAddCount |
            Should -Be (3 * 16 + (16 * 4 + 2 * 4) * 3 / 15)
    }

    It 'says what is wrong' {
        { Measure-SlcLatency OneLogit -ClassCount 1 } | Should -Throw -ErrorId 'LatencyOutOfRange,*'
        { Measure-SlcLatency OneLogit -BatchSize 0 } | Should -Throw -ErrorId 'LatencyOutOfRange,*'
        { Measure-SlcLatency OneLogit -Repetition 0 } | Should -Throw -ErrorId 'LatencyOutOfRange,*'
        { Measure-SlcLatency Trunk } | Should -Throw -ErrorId 'TrunkWithoutModel,*'
        { Measure-SlcLatency AdaptiveSoftmax -ClassCount 10 -Cutoff 5, 3 } | Should -Throw -ErrorId 'CutoffInvalid,*'
        { Measure-SlcLatency OneLogit -ClassCount 3 -ClassFrequency 1, 2 } | Should -Throw -ErrorId 'ClassFrequencyInvalid,*'
        { Measure-SlcLatency OneLogits2 } | Should -Throw '*OneLogit*'
    }

    It 'warns of what does not fit into memory' {
        $measure = Measure-SlcLatency OneLogit -ClassCount 10000000 -FeatureCount 65536 -Memory Warm -WarningVariable warnings -WarningAction SilentlyContinue
        $measure.Nanoseconds | Should -BeNullOrEmpty
        $measure.Note | Should -Match 'GiB'
        $warnings | Should -HaveCount 1
    }

    It 'completes methods' {
        (TabExpansion2 'Measure-SlcLatency Ada' 22).CompletionMatches.CompletionText | Should -Contain 'AdaptiveSoftmax'
        (TabExpansion2 'Measure-SlcLatency -Memory C' 28).CompletionMatches.CompletionText | Should -Contain 'Cold'
    }

    It 'is read at 80 columns' {
        $measures = Measure-SlcLatency DifferentiatedSoftmax, OneLogit -ClassCount 1000 -BatchSize 256 @quick
        foreach ($text in ($measures | Out-String -Width 80), ($measures | Format-List | Out-String -Width 80)) {
            $lines = $text -replace '\x1b\[[0-9;]*m' -split '\r?\n'
            $lines | Where-Object { $_.TrimEnd().Length -gt 80 } | Should -BeNullOrEmpty
            $lines -match 'DifferentiatedSoftmax' | Should -Not -BeNullOrEmpty
        }
        ($measures | Out-String -Width 80) | Should -Match 'OneLogit +1000 +500 +256 Cold +\S+ [nµm]?s +128 k +1.96 KiB'
    }
}

Describe 'Export-SlcPlot Latency' {
    It 'draws measurements, and rows of a CSV file alike' {
        Push-Location $TestDrive
        try {
            $measures = Measure-SlcLatency OneLogit, AllLogits -ClassCount 10, 100 @quick
            $measures | Export-SlcPlot a.svg
            $measures | Export-SlcPlot a.png Latency -Theme Dark
            (Get-Item a.png).Length | Should -BeGreaterThan 5000
            $measures | Export-Csv a.csv
            Import-Csv a.csv | Export-SlcPlot b.svg Latency
            # Clip paths are named by chance.
            (Get-Content -Raw b.svg) -replace 'cl_[0-9a-f]+' | Should -Be ((Get-Content -Raw a.svg) -replace 'cl_[0-9a-f]+')
            { [pscustomobject]@{ Method = 'x' } | Export-SlcPlot c.svg Latency } | Should -Throw -ErrorId 'InputUnsuitable,*'
        } finally {
            Pop-Location
        }
    }
}
