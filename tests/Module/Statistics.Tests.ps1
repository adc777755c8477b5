# Intervals, summaries over seeds and comparisons, as users meet them.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $data = Get-SlcDataset
    $models = foreach ($seed in 0, 1, 2) { $data | Start-SlcTraining CE, BatchMaxMargin -Step 20 -HiddenUnit 16 -Seed $seed -LearningRate 0.03 }
    $metrics = $models | Measure-SlcMetrics

    function Show($Objects) { ($Objects | Out-String -Width 80) -replace '\x1b\[[0-9;]*m' -split '\r?\n' | Where-Object { $_.Trim() } }
}

Describe 'Measure-SlcMetrics -Bootstrap' {
    It 'adds intervals and changes no value' {
        $plain = $models[0] | Measure-SlcMetrics -Recall 0.5
        $with = $models[0] | Measure-SlcMetrics -Recall 0.5 -Bootstrap 50 -WarningVariable warnings -WarningAction SilentlyContinue
        $plain.Interval | Should -BeNullOrEmpty
        @($with.Interval.Keys) | Should -Be 'Accuracy', 'Auprc', 'AuprcTrapezoid', 'AuprcTrapezoidWeighted', 'AuprcWeighted', 'BalancedAccuracy', 'BestF1',
            'BestF1Weighted', 'PrecisionAt50', 'PrecisionAt50Weighted', 'PrecisionAt90', 'PrecisionAt90Weighted', 'Top5Accuracy', 'UniformAccuracy' -Because 'of 45 digits of a class recall 0.99 leaves out none'
        "$warnings" | Should -BeLike '*no interval for PrecisionAt99, PrecisionAt99Weighted*'
        foreach ($name in 'Auprc', 'PrecisionAt90', 'Accuracy') {
            $with.$name | Should -BeExactly $plain.$name
            $with.Interval.$name.Lower | Should -BeLessOrEqual $with.Interval.$name.Upper
        }
        $with.Interval.Auprc.Lower | Should -BeLessThan $with.Interval.Auprc.Upper
        $with.Class[3].Interval.Auprc.Level | Should -Be 0.95
    }

    It 'gives the same with the same seed, another with another, and narrower ones at a lower level' {
        $first = $models[0] | Measure-SlcMetrics -Bootstrap 50
        ($models[0] | Measure-SlcMetrics -Bootstrap 50).Interval.Auprc | Should -Be $first.Interval.Auprc
        ($models[0] | Measure-SlcMetrics -Bootstrap 50 -BootstrapSeed 1).Interval.Auprc | Should -Not -Be $first.Interval.Auprc
        $narrow = ($models[0] | Measure-SlcMetrics -Bootstrap 50 -ConfidenceLevel 0.5).Interval.Auprc
        $narrow.Lower | Should -BeGreaterThan $first.Interval.Auprc.Lower
        $narrow.Upper | Should -BeLessThan $first.Interval.Auprc.Upper
    }

    It 'refuses what makes no interval' {
        { $models[0] | Measure-SlcMetrics -Bootstrap 3 } | Should -Throw -ErrorId 'ReplicateCountOutOfRange,*'
        { $models[0] | Measure-SlcMetrics -Bootstrap 50 -ConfidenceLevel 95 } | Should -Throw -ErrorId 'ConfidenceLevelOutOfRange,*'
    }
}

Describe 'Measure-SlcMetrics' {
    It 'carries the seed and the learning rate of the model' {
        $metrics.Seed | Should -Be 0, 0, 1, 1, 2, 2
        $metrics[0].LearningRate | Should -Be 0.03
    }
}

Describe 'Measure-SlcSummary' {
    It 'is the mean, the deviation and the t-interval over seeds' {
        $summary = $metrics | Measure-SlcSummary
        $summary.Loss | Should -Be 'CE', 'BatchMaxMargin'
        $summary[0].Seed | Should -Be 0, 1, 2
        $expected = $metrics | Where-Object Loss -EQ CE | Measure-Object Auprc -Average -StandardDeviation
        [Math]::Abs($summary[0].Auprc - $expected.Average) | Should -BeLessThan 1e-12
        $auprc = $summary[0].Statistic.Auprc
        [Math]::Abs($auprc.StandardDeviation - $expected.StandardDeviation) | Should -BeLessThan 1e-12
        # The 97.5th percentile of t with 2 degrees of freedom is 4.302653.
        [Math]::Abs(($auprc.Interval.Upper - $auprc.Mean) / $auprc.StandardDeviation * [Math]::Sqrt(3) - 4.302653) | Should -BeLessThan 1e-6
    }

    It 'takes objects that have results in a property' {
        $trials = $metrics | ForEach-Object { [pscustomobject]@{ Name = 'x'; Metrics = $_ } }
        ($trials | Measure-SlcSummary).RunCount | Should -Be 3, 3
    }

    It 'takes rows of a report and says of others what they lack' {
        $path = Join-Path $TestDrive 'rows.csv'
        $metrics | Export-SlcReport $path
        $rows = Import-Csv $path
        foreach ($name in 'Auprc', 'BestF1', 'UniformAccuracy', 'PrecisionAt99Weighted') {
            (($rows | Measure-SlcSummary).Statistic | ForEach-Object { $_[$name].Mean }) | Should -Be (($metrics | Measure-SlcSummary).Statistic | ForEach-Object { $_[$name].Mean })
        }
        $compared = $rows | Compare-SlcLoss
        $compared.PValue | Should -Be ($metrics | Compare-SlcLoss).PValue
        $few = 0..2 | ForEach-Object { [pscustomobject]@{ Loss = 'CE'; Seed = $_; Auprc = 0.9 + $_ / 100 }; [pscustomobject]@{ Loss = 'BatchCE'; Seed = $_; Auprc = 0.95 + $_ / 90 } }
        ($few | Compare-SlcLoss).Metric | Should -Be 'Auprc'
        ($few | Measure-SlcSummary)[0].PrecisionAt90 | Should -BeNullOrEmpty
        { [pscustomobject]@{ Loss = 'CE'; Colour = 'red' } | Compare-SlcLoss -ErrorAction Stop } | Should -Throw '*Colour=red*is an object without measures*'
    }

    It 'tells files without a loss apart' {
        0, 1 | ForEach-Object { 'label,a,b', '0,1,2', '1,2,3' | Set-Content "$TestDrive/table$_.csv" }
        $tables = Import-SlcLogit "$TestDrive/table*.csv"
        $tables.ExampleCount | Should -Be 2, 2
        $measured = $tables | Measure-SlcMetrics
        ($measured | Out-String -Width 100) | Should -Match '(?s)table0\.csv.*table1\.csv'
        ($measured | Measure-SlcSummary | Out-String -Width 100) | Should -Match '(?s)Dataset: not named.*table0\.csv.*table1\.csv'
        ($tables | Test-SlcSeparation | Out-String -Width 100) | Should -Match 'table1\.csv'
        { $measured | Compare-SlcLoss -Reference table0.csv } | Should -Not -Throw
    }

    It 'warns of labels that can be read in two ways' {
        'label,1,0', '0,2.5,1', '1,-3,1.5' | Set-Content "$TestDrive/swapped.csv"
        $null = Import-SlcLogit "$TestDrive/swapped.csv" -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeLike '*taken as names of classes*'
    }

    It 'refuses the same run twice' {
        { $metrics[0], $metrics[0] | Measure-SlcSummary -ErrorAction Stop } | Should -Throw -ErrorId 'SeedRepeated,*'
    }
}

Describe 'Compare-SlcLoss' {
    It 'gives improvement, interval, test and verdict for each measure' {
        $comparison = $metrics | Compare-SlcLoss
        $comparison.Metric | Should -Be 'Auprc', 'PrecisionAt90', 'PrecisionAt99', 'Accuracy'
        $comparison.ComparisonCount | Should -Be 4, 4, 4, 4
        foreach ($item in $comparison) {
            "$($item.Pairing)", $item.PairCount | Should -Be 'Seed', 3
            $a, $b = (1 - $item.ReferenceValue), (1 - $item.Value)
            [Math]::Abs($item.RelativeImprovement - ($a - $b) / $a) | Should -BeLessThan 1e-12
            $item.AdjustedPValue | Should -BeGreaterOrEqual $item.PValue
            $item.Verdict | Should -Match '^BatchMaxMargin (has|and).+\. .+3 seeds'
        }
    }

    It 'compares one seed over classes, and over examples where there are resamples' {
        $one = $models[0, 1] | Measure-SlcMetrics -Bootstrap 50 | Compare-SlcLoss -Metric Auprc
        "$($one.Pairing)", $one.PairCount, "$($one.IntervalPairing)", "$($one.Test.Test)" | Should -Be 'Class', 10, 'Example', 'Wilcoxon'
        $one.Verdict | Should -Match 'about these models'
    }

    It 'pairs logits from files by the seeds that they keep' {
        $imported = foreach ($model in $models) {
            $path = Join-Path $TestDrive "$($model.Loss)-$($model.Training.Seed).npz"
            $model | Get-SlcLogit | Export-SlcLogit $path
            Import-SlcLogit $path
        }
        $comparison = $imported | Measure-SlcMetrics | Compare-SlcLoss -Metric Auprc
        "$($comparison.Pairing)", $comparison.PairCount | Should -Be 'Seed', 3
        $comparison.Test.PValue | Should -Be ($metrics | Compare-SlcLoss -Metric Auprc).Test.PValue
    }

    It 'compares CE with all logits like a loss of its own' {
        $comparison = $models | Measure-SlcMetrics -AllLogits | Compare-SlcLoss -Metric Auprc
        @($comparison).Count | Should -Be 2
        "$($comparison[0].Score)" | Should -Be 'AllLogits'
        $comparison[0].Verdict | Should -Match '^CE, all logits has'
    }

    It 'takes another reference, pairing, test and level' {
        $comparison = $metrics | Compare-SlcLoss -Reference BatchMaxMargin -Metric Auprc -Over Class -Test PairedT -ConfidenceLevel 0.8
        $comparison.Loss, "$($comparison.Pairing)", "$($comparison.Test.Test)", $comparison.Interval.Level | Should -Be 'CE', 'Class', 'PairedT', 0.8
    }

    It 'says what to pipe in' {
        { $models[0] | Compare-SlcLoss -ErrorAction Stop } | Should -Throw '*MLP CE on Digits*is a model*Measure-SlcMetrics first*'
        { 'abc' | Measure-SlcSummary -ErrorAction Stop } | Should -Throw "*'abc' is of type String*what Measure-SlcMetrics gives*"
    }

    It 'says what is missing' {
        { $metrics | Compare-SlcLoss -Reference NCE -ErrorAction Stop } | Should -Throw -ErrorId 'ReferenceMissing,*'
        { $metrics[0] | Compare-SlcLoss -ErrorAction Stop } | Should -Throw -ErrorId 'NothingToCompare,*'
        { $metrics | Compare-SlcLoss -Metric Auprk } | Should -Throw -ErrorId 'UnknownMetric,*'
    }

    It 'completes losses and measures' {
        function Complete([string] $Line) { ([System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null)).CompletionMatches.CompletionText }
        Complete 'Compare-SlcLoss -Reference Ba' | Should -Be 'BatchCE', 'BatchMaxMargin'
        Complete 'Compare-SlcLoss -Metric Au' | Should -Be 'Auprc', 'AuprcWeighted', 'AuprcTrapezoid', 'AuprcTrapezoidWeighted'
        Complete 'Compare-SlcLoss -Over ' | Should -Be 'Class', 'Seed'
    }
}

Describe 'The views of statistics' {
    It 'fit 80 columns and cut nothing' {
        $all = $models | Measure-SlcMetrics -AllLogits
        foreach ($objects in @(, ($all | Measure-SlcSummary)), @(, ($all | Compare-SlcLoss))) {
            $lines = Show $objects[0]
            $lines | Where-Object { $_.TrimEnd().Length -gt 80 } | Should -BeNullOrEmpty
            $lines -match '…\s*$|\.\.\.' | Should -BeNullOrEmpty
            $lines -match 'BatchMaxMargin' | Should -Not -BeNullOrEmpty
            $lines -match 'CE, all logits' | Should -Not -BeNullOrEmpty
            $lines[0] | Should -Match 'Dataset: Digits'
        }
        Show ($all | Measure-SlcSummary) | Where-Object { $_ -match '^BatchMaxMargin +3 +0\.\d{4}±\d\.\d{4} ' } | Should -Not -BeNullOrEmpty
    }
}
