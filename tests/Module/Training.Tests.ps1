BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $data = Get-SlcDataset
    $small = @{ HiddenUnit = 8; BatchSize = 32 }
}

Describe 'Start-SlcTraining' {
    It 'gives a model for each loss, in the order asked for, each once' {
        ($data | Start-SlcTraining BatchCE, Batch*, ce -Step 2 @small).Loss | Should -Be 'BatchCE', 'BatchMaxMargin', 'CE'
    }

    It 'keeps the training on one data set only in one folder' {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        { $data, $data | Start-SlcTraining CE -Step 2 @small -CheckpointPath $folder -Force } |
            Should -Throw -ErrorId 'CheckpointPathShared,*' -ExpectedMessage '*Digits*'
        (Resume-SlcTraining $folder).Loss | Should -Be 'CE'
    }

    It 'takes BatchCE where no loss is named' {
        ($data | Start-SlcTraining -Step 2 @small).Loss | Should -Be 'BatchCE'
    }

    It 'gives the same bits for the same seed, and others for another' {
        $first, $second = 1..2 | ForEach-Object { $data | Start-SlcTraining CE -Step 20 -Seed 3 @small }
        $other = $data | Start-SlcTraining CE -Step 20 -Seed 4 @small
        $bits = $first.Weights['head.weight'].Values.ToArray()
        $second.Weights['head.weight'].Values.ToArray() | Should -Be $bits
        $other.Weights['head.weight'].Values.ToArray() | Should -Not -Be $bits
    }

    It 'learns: CE gets nine of ten digits right' {
        $metrics = $data | Start-SlcTraining CE -Step 200 -HiddenUnit 64 | Measure-SlcMetrics
        $metrics.Accuracy | Should -BeGreaterThan 0.9
    }

    It 'keeps the better of several learning rates' {
        $model = $data | Start-SlcTraining CE -Step 60 -LearningRate 1e-6, 0.1 @small
        $model.LearningRate | Should -Be 0.1
    }

    It 'keeps a history' {
        $model = $data | Start-SlcTraining CE -Step 30 -HistoryInterval 10 @small
        $model.History.Step | Should -Be 10, 20, 30
        $model.History[-1].Loss | Should -BeLessThan $model.History[0].Loss
    }

    It 'certifies batches of aligned losses, and says nothing of others' {
        $models = $data | Start-SlcTraining CE, BinaryCE -Step 20 -HistoryInterval 10 @small
        @($models[0].History.CertifiedShare) | Should -Be $null, $null
        $models[1].History[-1].CertifiedShare | Should -BeOfType double
        $models[1].History[-1].CertifiedShare | Should -BeIn (0..10 | ForEach-Object { $_ / 10.0 }) -Because 'it is the share of ten steps'
        ($models[1].History | Out-String) | Should -Match 'Certified'
    }

    It 'reports a run that left the finite numbers, and goes on with the others' {
        $models = $data | Start-SlcTraining MaxMargin, CE -Step 3 -Gamma 1e308 @small -ErrorVariable errors -ErrorAction SilentlyContinue
        $models.Loss | Should -Be 'CE'
        @($errors).Count | Should -Be 1
        $errors[0].CategoryInfo.Category | Should -Be 'InvalidResult'
        "$($errors[0])" | Should -Match 'MaxMargin'
        "$($errors[0])" | Should -Match '(?i)step'
    }

    It 'does not start the next loss once the pipeline has what it wants' {
        # MaxMargin would report an error with this margin, were it trained.
        $model = $data | Start-SlcTraining CE, MaxMargin -Step 3 -Gamma 1e308 @small -ErrorVariable errors | Select-Object -First 1
        $model.Loss | Should -Be 'CE'
        @($errors).Count | Should -Be 0
    }

    It 'leaves nothing behind where a later command throws' {
        { $data | Start-SlcTraining CE, NCE -Step 3 @small | ForEach-Object { throw 'enough' } } | Should -Throw 'enough'
        ($data | Start-SlcTraining CE -Step 2 @small).Loss | Should -Be 'CE'
    }

    It 'stops soon when the pipeline is stopped, as by Ctrl-C' {
        $shell = [powershell]::Create().AddScript("Import-Module '$(Get-ManifestPath)'; Get-SlcDataset | Start-SlcTraining CE -Step 100000000")
        try {
            $run = $shell.BeginInvoke()
            Start-Sleep -Seconds 4
            $run.IsCompleted | Should -BeFalse -Because "$($shell.Streams.Error.ReadAll())"
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            $shell.Streams.Error.Count | Should -Be 0
        } finally {
            $shell.Dispose()
        }
    }

    It 'shows progress after a while, a few times a second, and takes it away' {
        $shell = [powershell]::Create().AddScript("
            Import-Module '$(Get-ManifestPath)'
            `$data = Get-SlcDataset
            `$first = `$data | Start-SlcTraining CE -Step 20
            `$step = [int] (20 * 3 / `$first.Duration.TotalSeconds) + 20
            `$watch = [Diagnostics.Stopwatch]::StartNew()
            `$null = `$data | Start-SlcTraining CE -Step `$step
            `$watch.Elapsed.TotalSeconds")
        try {
            $seconds = $shell.Invoke()[0]
            $records = @($shell.Streams.Progress | Where-Object Activity -EQ 'Training on Digits')
            $shown = @($records | Where-Object RecordType -EQ 'Processing')
            $seconds | Should -BeGreaterThan 1.2
            $shown.Count | Should -BeGreaterThan 0
            $shown.Count | Should -BeLessOrEqual (5 * ($seconds - 1) + 1)
            $shown[0].StatusDescription | Should -Match '^CE \d+/\d+: loss .+ steps/s$'
            $records[-1].RecordType | Should -Be 'Completed'
        } finally {
            $shell.Dispose()
        }
    }
}

Describe 'What follows a model in the pipeline' {
    BeforeAll {
        $models = $data | Start-SlcTraining CE, BatchCE -Step 60 -LearningRate 0.03 @small
        $model = $models[1]
    }

    It 'measures a model as it does its logits' {
        $direct = $model | Measure-SlcMetrics
        $byLogits = $model | Get-SlcLogit | Measure-SlcMetrics
        $direct.Auprc | Should -Be $byLogits.Auprc
        $direct.Dataset, $direct.Split, $direct.Loss | Should -Be 'Digits', 'Test', 'BatchCE'
        ($model | Measure-SlcMetrics -Split Validation).ExampleCount | Should -Be $data.Validation.Count
    }

    It 'adds the row with all logits for CE alone' {
        $rows = $models | Measure-SlcMetrics -AllLogits
        $rows | ForEach-Object { "$($_.Loss) $($_.Score)" } | Should -Be 'CE SingleLogit', 'CE AllLogits', 'BatchCE SingleLogit'
        $rows[1].Accuracy | Should -Be $rows[0].Accuracy
    }

    It 'measures on another data set' {
        $other = Get-SlcDataset -ValidationCount 300
        ($model | Measure-SlcMetrics -Dataset $other -Split Validation).ExampleCount | Should -Be 300
    }

    It 'measures precision at the recalls asked for' {
        $metrics = $model | Measure-SlcMetrics -Recall 0.5
        $metrics.PrecisionAtRecall.Keys | Should -Be 0.5, 0.9, 0.99
    }

    It 'finds by one logit what its logits say' {
        $threshold = $model | Measure-SlcThreshold -Class 3
        $matches = $threshold | Find-SlcMatch -Model $model
        $logits = $model | Get-SlcLogit
        $k = $logits.ClassCount
        $values = $logits.SingleLogits.ToArray()
        $expected = 0..($logits.Count - 1) | Where-Object { $values[$_ * $k + 3] -gt $threshold.Threshold }
        $matches.Index | Should -Be $expected
        $labels = $logits.Labels.ToArray()
        $matches | ForEach-Object { $_.IsTrue | Should -Be ($labels[$_.Index] -eq 3) }
    }

    It 'carries thresholds, saves them, and is asked for several classes by them' {
        $own = $data | Start-SlcTraining BatchCE @small
        $own | Measure-SlcThreshold 3, 7 | Set-SlcThreshold $own -WhatIf
        $own.Threshold | Should -BeNullOrEmpty
        $thresholds = $own | Measure-SlcThreshold 3, 7
        $thresholds | Set-SlcThreshold $own
        $own | Measure-SlcThreshold -Uniform | Set-SlcThreshold $own
        $path = Join-Path $TestDrive 'asked.safetensors'
        $own | Export-SlcModel $path
        $again = Import-SlcModel $path
        $again.Threshold.Class | Should -Be '3', '7', $null
        $found = @($again | Find-SlcMatch 3, 7)
        foreach ($threshold in $thresholds) {
            @($found | Where-Object Class -EQ $threshold.Class).Index | Should -Be @($threshold | Find-SlcMatch -Model $own).Index
        }
        (($again | Find-SlcMatch 5).Threshold | Select-Object -Unique) | Should -Be ($own | Measure-SlcThreshold -Uniform).Threshold
    }

    It 'carries thresholds of another model, and those set by hand' {
        $other = $data | Start-SlcTraining BatchCE @small
        $other | Measure-SlcThreshold 3, 7 -Recall 0.9 -Confidence 0.5 | Set-SlcThreshold $other
        $own = $data | Start-SlcTraining BatchCE @small
        $other.Threshold | Set-SlcThreshold $own
        $own.Threshold | Should -Be $other.Threshold
        Set-SlcThreshold $own $other.Threshold[0] -PassThru | Should -Be $own

        Set-SlcThreshold $own -Class 3, 5 -Value 1.5
        Set-SlcThreshold $own -Value -2
        $own.Threshold.Class | Should -Be '7', '3', '5', $null
        $own.Threshold.Threshold | Should -Be $other.Threshold[1].Threshold, 1.5, 1.5, -2
        $own.Threshold[1].Target | Should -Be 'by hand'
        $own.Threshold[1].Promised | Should -BeNullOrEmpty
        $own.Threshold[1].Calibration | Should -Be $other.Threshold[0].Calibration
        $own.Threshold[2].Calibration | Should -BeNullOrEmpty
        { Set-SlcThreshold $own -Class 3 -Value NaN -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidThreshold*'
        { Set-SlcThreshold $own 7 } | Should -Throw
    }

    It 'takes a class by its exact name before one that differs in case' {
        $type = $model.GetType().Assembly.GetType('LogitSeparation.Core.Evaluation.MemoryLogits')
        $table = $type::new([float[]](3, 0, 1, 0, 2, 1, 0, 1, 4), [int[]](0, 1, 2), [string[]]('A', 'a', 'b'))
        ($table | Measure-SlcThreshold A).Class | Should -BeExactly 'A'
        ($table | Measure-SlcThreshold a).Index | Should -Be 1
        ($table | Measure-SlcThreshold B, a, b).Class | Should -BeExactly 'b', 'a'
        ($table | Measure-SlcThreshold [a]).Index | Should -Be 0, 1
    }

    It 'gives the largest first with -Top, and streams otherwise' {
        $all = $model | Find-SlcMatch 3 -Threshold -1e30
        $all.Count | Should -Be 450
        $top = $model | Find-SlcMatch 3 -Threshold -1e30 -Top 4
        $top.Logit | Should -Be ($all.Logit | Sort-Object -Descending -Top 4)
        ($model | Find-SlcMatch 3 -Threshold -1e30 | Select-Object -First 2).Index | Should -Be 0, 1
    }

    It 'chooses thresholds on the validation split, for all classes or some' {
        $thresholds = $model | Measure-SlcThreshold
        $thresholds.Class | Should -Be $data.ClassNames
        ($thresholds | Measure-Object Positives -Sum).Sum | Should -Be $data.Validation.Count
        $recall = $model | Measure-SlcThreshold -Class 1, 2 -Recall 0.8
        $recall | ForEach-Object { $_.Recall | Should -BeGreaterOrEqual 0.8 }
    }

    It 'finds the worst pairs' {
        $report = $model | Test-SlcSeparation -WitnessCount 2
        $report.Witness.Count | Should -Be 2
        $report.Witness[0].Difference | Should -Be (-$report.Margin)
    }

    It 'gives lists that can be indexed' {
        # A list that the compiler makes up has no indexer that PowerShell sees: $list[0] would be the whole list.
        $metrics = $model | Measure-SlcMetrics
        $summary = $metrics | Measure-SlcSummary
        $lists = $model.LearningRate, $model.Training.LearningRate, $model.Training.HiddenUnit, $model.Network.InputShape, $model.History,
            $model.ClassNames, $metrics.Class, $metrics.AbsentClasses, $summary.Seed, $summary.LearningRate,
            ($model | Test-SlcSeparation).Witness, (Get-SlcLoss NCE).Parameters, (Get-SlcDataset).ExampleShape
        foreach ($list in $lists) { $list.GetType().Name | Should -Not -Match 'z__ReadOnly' }
    }
}
