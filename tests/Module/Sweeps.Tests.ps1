# Trainings and sweeps that are stopped, killed and resumed, from a real PowerShell.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $data = Get-SlcDataset
    $small = @{ HiddenUnit = 8; BatchSize = 32 }
    $import = "Import-Module '$(Get-ManifestPath)'"

    function Get-Bit($Model) { $Model.Weights['head.weight'].Values.ToArray() }

    # A pipeline of its own that is stopped once something is there, as by Ctrl-C.
    function Stop-Pipeline([string] $Script, [scriptblock] $Until) {
        $shell = [powershell]::Create().AddScript("$import; $Script")
        try {
            $run = $shell.BeginInvoke()
            $watch = [Diagnostics.Stopwatch]::StartNew()
            while (-not (& $Until) -and -not $run.IsCompleted -and $watch.Elapsed.TotalSeconds -lt 60) { Start-Sleep -Milliseconds 50 }
            $run.IsCompleted | Should -BeFalse -Because "$($shell.Streams.Error.ReadAll())"
            $watch.Restart()
            $shell.Stop()
            $watch.Elapsed.TotalSeconds
        } finally {
            $shell.Dispose()
        }
    }
}

Describe 'Checkpoints' {
    It 'keep a training that is stopped, and it goes on to the same bits' {
        $path = Join-Path $TestDrive 'run'
        $call = "Start-SlcTraining CE, BatchCE -Step 3000 -HiddenUnit 8 -BatchSize 32 -CheckpointEvery 50 -CheckpointPath '$path'"
        Stop-Pipeline "Get-SlcDataset | $call" { Test-Path "$path/*step*" } | Should -BeLessThan 5
        $models = Resume-SlcTraining $path
        $whole = $data | Start-SlcTraining CE, BatchCE -Step 3000 @small
        $models.Loss | Should -Be 'CE', 'BatchCE'
        foreach ($i in 0, 1) { Get-Bit $models[$i] | Should -Be (Get-Bit $whole[$i]) }
        ($models[1] | Measure-SlcMetrics).Dataset | Should -Be 'Digits'
    }

    It 'are not overwritten without -Force' {
        $path = Join-Path $TestDrive 'kept'
        $null = $data | Start-SlcTraining CE -Step 3 @small -CheckpointPath $path
        { $data | Start-SlcTraining CE -Step 4 @small -CheckpointPath $path -ErrorAction Stop } | Should -Throw -ErrorId 'CheckpointExists*'
        ($data | Start-SlcTraining CE -Step 4 @small -CheckpointPath $path -Force).Step | Should -Be 4
        { Resume-SlcTraining $TestDrive -ErrorAction Stop } | Should -Throw -ErrorId 'CheckpointNotFound*'
    }

    It 'choose the learning rate by average precision where asked to' {
        $model = $data | Start-SlcTraining CE -Step 40 -LearningRate 1e-6, 0.1 -SelectBy Auprc @small
        $model.LearningRate | Should -Be 0.1
        $model.ValidationAuprc | Should -BeGreaterThan 0.1
    }
}

Describe 'A sweep' {
    It 'makes a trial of each combination and gives it as an object' {
        $path = Join-Path $TestDrive 'grid'
        $trials = $data | Start-SlcSweep CE, SelfNorm -LearningRate 0.1 -Seed 0, 1 -Parameter @{ Alpha = 0.01, 0.1 } -Step 20 @small -Path $path
        $trials.Count | Should -Be 6
        $trials.State | Should -Be (@('Done') * 6)
        ($trials | Where-Object Loss -EQ SelfNorm | ForEach-Object { $_.Configuration.LossOptions.Alpha } | Sort-Object -Unique) | Should -Be 0.01, 0.1
        (Get-SlcTrial $path).Count | Should -Be 6
        $ce = $trials | Where-Object Loss -EQ CE
        ($ce.Metrics | Measure-SlcSummary).RunCount | Should -Be 2, 2
        (Import-SlcModel $ce[0].ModelPath | Measure-SlcMetrics).Auprc | Should -Be $ce[0].Auprc
        $report = Join-Path $TestDrive 'trials.csv'
        $ce | Export-SlcReport $report
        [double] @(Import-Csv $report | Where-Object Score -EQ SingleLogit)[0].Margin | Should -Be (Import-SlcModel $ce[0].ModelPath | Test-SlcSeparation).Margin
        $trials | Export-SlcReport (Join-Path $TestDrive 'grid.csv')
        # A row for each trial, and one over all logits for the two of CE.
        (Import-Csv (Join-Path $TestDrive 'grid.csv')).Score | Group-Object -NoElement | Sort-Object Name | ForEach-Object Count | Should -Be 2, 6
        "$($trials | Out-String)" | Should -Match 'CE\s+0\.1\s+0\s+20 Done'
    }

    It 'lists with -WhatIf what it would run and how long that takes, and writes nothing' {
        $path = Join-Path $TestDrive 'whatif'
        $trials = $data | Start-SlcSweep CE, BatchCE -Step 1000 @small -Path $path -WhatIf
        $trials.State | Should -Be 'Pending', 'Pending'
        $trials[0].Estimate.TotalSeconds | Should -BeGreaterThan 0
        Test-Path $path | Should -BeFalse
    }

    It 'runs trials in processes of their own, with the cores divided among them' {
        $path = Join-Path $TestDrive "it's [two]"
        $trials = $data | Start-SlcSweep CE, BatchCE -Step 30 @small -Path $path -ThrottleLimit 2
        $trials.State | Should -Be 'Done', 'Done' -Because "$($trials.Error)"
        $trials.ThreadCount | Should -Be (@([Math]::Max(1, [int] [Math]::Floor([Environment]::ProcessorCount / 2))) * 2)
        $trials.Owner | ForEach-Object { $_ | Should -Not -Match " $PID$" }
    }

    It 'ends its processes when it is stopped, and goes on' {
        $path = Join-Path $TestDrive 'stopped'
        $call = "Start-SlcSweep CE, BatchCE -Step 100000 -HiddenUnit 8 -BatchSize 32 -Path '$path' -ThrottleLimit 2"
        Stop-Pipeline "Get-SlcDataset | $call" { @(Get-ChildItem $path/*/heartbeat -ErrorAction Ignore | Where-Object { @(Get-Content $_)[1] }).Count -eq 2 } |
            Should -BeLessThan 20
        $trials = Get-SlcTrial $path
        $trials.State | Should -Be 'Stopped', 'Stopped'
        foreach ($trial in $trials) {
            Get-Process -Id ($trial.Owner -split ' ')[1] -ErrorAction Ignore | Should -BeNullOrEmpty
            "$($trial.Folder)/checkpoint/run-000.step-*" | Should -Exist
        }
    }

    It 'stops where another asks for it by its folder' {
        $path = Join-Path $TestDrive 'asked'
        $job = Start-ThreadJob { Import-Module $using:PSScriptRoot/../../LogitSeparation.psd1; Get-SlcDataset | Start-SlcSweep CE -Step 10000000 -Path $using:path }
        while (-not (Test-Path "$path/*/heartbeat") -and $job.State -in 'NotStarted', 'Running') { Start-Sleep -Milliseconds 100 }
        Stop-SlcSweep $path | Should -BeNullOrEmpty
        (Wait-Job $job -Timeout 20).State | Should -Be 'Completed'
        (Get-SlcTrial $path).State | Should -Be 'Stopped'
        Remove-Job $job -Force
    }

    It 'has trials that run from their folders alone' {
        $path = Join-Path $TestDrive 'alone'
        $trial = $data | Start-SlcSweep CE -Step 20 @small -Path $path
        'done', 'claim', 'model.safetensors', 'metrics.json' | ForEach-Object { Remove-Item (Join-Path $trial.Folder $_) }
        (Get-SlcTrial $path).State | Should -Be 'Pending'
        $again = Get-SlcTrial $path | Invoke-SlcTrial
        $again.State, $again.Auprc | Should -Be 'Done', $trial.Auprc
        { Invoke-SlcTrial $path -ErrorAction Stop } | Should -Throw -ErrorId 'TrialNotFound*'
    }

    It 'is not begun where a parameter is given twice, or in a way that says how else' {
        $path = Join-Path $TestDrive 'twice'
        { $data | Start-SlcSweep BatchCE -BatchSize 7 -Parameter @{ batchsize = 8 } -Path $path } | Should -Throw -ErrorId 'ParameterGivenTwice*'
        { $data | Start-SlcSweep BatchCE -Step 7 -Parameter @{ StepCount = 8 } -Path $path } | Should -Throw -ErrorId 'ParameterGivenTwice*'
        { $data | Start-SlcSweep BatchCE -Parameter @{ Seed = 1, 2 } -Path $path } | Should -Throw '*-Seed*'
        Test-Path $path | Should -BeFalse
        ($data | Start-SlcSweep BatchCE -Parameter @{ ProductPrecision = 'Full', 'BFloat16' } -Path $path -CreateOnly).Count | Should -Be 2
    }

    It 'takes data sets by their names' {
        (Start-SlcSweep CE -Dataset Digits -Step 3 @small -Path (Join-Path $TestDrive 'named')).State | Should -Be 'Done'
        { Start-SlcSweep CE -Dataset Digids -Step 3 -Path (Join-Path $TestDrive 'no') } | Should -Throw '*Digits*'
        (Start-SlcTraining CE -Dataset Digits -Step 3 @small).Dataset | Should -Be 'Digits'
    }

    It 'goes on with -WhatIf by saying what is left' {
        $path = Join-Path $TestDrive 'left'
        $null = $data | Start-SlcSweep CE, BatchCE -Step 300 @small -Path $path -CreateOnly
        $left = Resume-SlcSweep $path -WhatIf
        $left.State | Should -Be 'Pending', 'Pending'
        $left.Estimate.TotalSeconds | ForEach-Object { $_ | Should -BeGreaterThan 0 }
        (Get-SlcTrial $path).State | Should -Be 'Pending', 'Pending'
    }

    It 'shows what it varied, and several sweeps by a wildcard' {
        $path = Join-Path $TestDrive 'varied [1]'
        $null = $data | Start-SlcSweep BatchCE -Parameter @{ BatchSize = 64, 16; Optimizer = 'Adam', 'Sgd' } -Path $path -CreateOnly
        $trials = Get-SlcTrial $path
        $trials.ForEach{ $_.Parameter['BatchSize'] } | Should -Be 16, 16, 64, 64
        $trials | Out-String -Width 140 | Should -Match 'BatchSize 16; Optimizer Sgd'
        $trials | Out-String -Width 80 | Should -Match 'Time\s'
        @(Get-SlcTrial "$TestDrive/var*").Count | Should -Be 4
        $trials | Get-SlcTrial | Should -HaveCount 4
    }

    It 'says of a trial that is damaged that it is, and writes it anew' {
        $path = Join-Path $TestDrive 'damaged'
        $trials = $data | Start-SlcSweep CE, BatchCE -Step 3 @small -Path $path
        Set-Content "$($trials[0].Folder)/trial.json" '{}' -NoNewline
        (Get-SlcTrial $path).State | Should -Be 'Done', 'Damaged'
        $null = Get-SlcTrial $path | Out-String
        $resumed = Resume-SlcSweep $path -WarningVariable warnings -WarningAction SilentlyContinue
        $resumed.State | Should -Contain 'Damaged'
        "$warnings" | Should -Match 'trial.json'
        ($data | Start-SlcSweep CE, BatchCE -Step 3 @small -Path $path).State | Should -Be 'Done', 'Done'
    }

    It 'has trials whose failure and stop a scheduler sees' {
        $path = Join-Path $TestDrive 'jobs'
        $trials = $data | Start-SlcSweep CE, MaxMargin -Step 3 -Gamma 1e308 @small -Path $path -CreateOnly
        Stop-SlcSweep $path | Should -BeNullOrEmpty
        $self = [Environment]::ProcessPath
        [string[]] $start = [IO.Path]::GetFileNameWithoutExtension($self) -eq 'dotnet' ? (Join-Path $PSHOME 'pwsh.dll') : @()
        # The first runs although a stop was asked for before; the second diverges.
        $codes = foreach ($trial in $trials) {
            $null = & $self @start -NoLogo -NoProfile -NonInteractive -Command "$import; Invoke-SlcTrial '$($trial.Folder)'" 2>&1
            $LASTEXITCODE
        }
        $codes | Should -Be 0, 1
        $failed = Invoke-SlcTrial $trials[1].Folder -ErrorVariable failures -ErrorAction SilentlyContinue
        $failed.State | Should -Be 'Failed'
        $failures[0].FullyQualifiedErrorId | Should -Match '^TrainingDiverged'
    }

    It 'has trials that are given when they are stopped, with an error' {
        $path = Join-Path $TestDrive 'halted'
        $trial = $data | Start-SlcSweep CE -Step 100000000 @small -Path $path -CreateOnly
        $job = Start-ThreadJob { Import-Module $using:PSScriptRoot/../../LogitSeparation.psd1; Invoke-SlcTrial ($using:trial).Folder }
        while ((Get-SlcTrial $path).CompletedStep -eq 0 -and $job.State -in 'NotStarted', 'Running') { Start-Sleep -Milliseconds 100 }
        (Get-SlcTrial $path | Out-String) | Should -Match '\d\.\d%'
        Stop-SlcSweep $path | Should -BeNullOrEmpty
        $null = Wait-Job $job -Timeout 30
        $stopped = Receive-Job $job -ErrorVariable failures -ErrorAction SilentlyContinue
        $stopped.State | Should -Be 'Stopped'
        "$failures" | Should -Match 'asked to stop'
        Remove-Job $job -Force
    }

    It 'goes on where its data has moved, once told' {
        $pictures = Join-Path $TestDrive 'before.csv'
        0..199 | ForEach-Object { [pscustomobject] @{ a = $_ % 7; b = $_ % 3; label = $_ % 4 } } | Export-Csv $pictures
        $path = Join-Path $TestDrive 'moving'
        $trial = Get-SlcDataset -Path $pictures | Start-SlcSweep CE -Step 3 @small -Path $path -CreateOnly
        Rename-Item $pictures 'after.csv'
        (Invoke-SlcTrial $trial.Folder -ErrorVariable failures -ErrorAction SilentlyContinue).State | Should -Be 'Failed'
        $failures[0].FullyQualifiedErrorId | Should -Match '^DatasetNotFound'
        $moved = Get-SlcDataset -Path (Join-Path $TestDrive 'after.csv')
        (Resume-SlcSweep $path -Dataset $moved -ThrottleLimit 1 -NoDownload).State | Should -Be 'Done'
        ($moved | Start-SlcSweep CE -Step 3 @small -Path $path).Id | Should -Be $trial.Id
    }

    It 'writes events where asked for' {
        $path = Join-Path $TestDrive 'events'
        $null = $data | Start-SlcSweep CE -Step 3 @small -Path $path -TensorBoard -ThrottleLimit 2
        "$path/*/events/Digits-CE-*/events.out.tfevents.*" | Should -Exist
    }

    It 'warns of a trial that fails and goes on' {
        $trials = $data | Start-SlcSweep MaxMargin, CE -Step 3 -Gamma 1e308 @small -Path (Join-Path $TestDrive 'failed') -WarningVariable warnings -WarningAction SilentlyContinue
        $trials.State | Should -Be 'Failed', 'Done'
        "$warnings" | Should -Match 'MaxMargin'
    }
}

Describe 'The scripts of the experiments' {
    It 'make the table of a data set, and go on where they were stopped' {
        $path = Join-Path $TestDrive 'table1'
        $script = "& '$(Get-RepositoryRoot)/examples/table1.ps1' -Dataset Digits -Loss CE,BatchCE -Step 20 -Seed '0,1' -SweepPath '$path' -OutFile '$path.csv'"
        $lines = Invoke-NewProcess $script
        $lines -join "`n" | Should -Match 'CE, all logits +[\d.]+ +\d +0\.\d{4} ±'
        $rows = Import-Csv "$path.csv"
        $rows.Count | Should -Be 6
        $rows.Seed | Sort-Object -Unique | Should -Be 0, 1
        @(Get-SlcTrial $path).Count | Should -Be 12
    }

    It 'have the whole of the paper''s table' {
        $paper = Import-Csv (Join-Path (Get-RepositoryRoot) 'examples/table1-paper.csv')
        $paper.Count | Should -Be 35
        ($paper | Group-Object Dataset | ForEach-Object { "$($_.Name) $($_.Count)" }) | Should -Be 'CIFAR10 8', 'CIFAR100 8', 'ImageNet 3', 'MNIST 8', 'SVHN 8'
        $paper.Loss | Sort-Object -Unique | ForEach-Object { $_ | Should -BeIn (Get-SlcLoss).Name }
    }
}

Describe 'Trials in the pipeline' {
    BeforeAll {
        $sweep = Join-Path $TestDrive 'piped'
        $null = $data | Start-SlcSweep CE, BatchCE -Path $sweep -LearningRate 0.1, 0.03 -Seed 0, 1 -Step 30 @small
        $null = $data | Start-SlcSweep CE -Path $sweep -LearningRate 0.5 -Seed 0 -Step 30 @small -CreateOnly
        $trials = Get-SlcTrial $sweep
        Push-Location $TestDrive
    }

    AfterAll { Pop-Location }

    It 'make reports with what was run, and leave out with a warning what is not done' {
        $trials | Export-SlcReport trials.csv -WarningVariable warning -WarningAction SilentlyContinue
        $warning | Should -HaveCount 1
        "$warning" | Should -Match 'left out'
        $rows = Import-Csv trials.csv
        $rows | Should -HaveCount 12
        ($rows | Where-Object Score -EQ AllLogits).Loss | Sort-Object -Unique | Should -Be 'CE'
        $rows.DatasetChecksum | Sort-Object -Unique | Should -Be (Get-SlcDataset).Identity.Checksum
        $done = $trials | Where-Object State -EQ Done | Select-Object -First 1
        $row = $rows | Where-Object { $_.Loss -eq $done.Loss -and $_.Seed -eq $done.Seed -and $_.LearningRate -eq $done.LearningRate -and $_.Score -eq 'SingleLogit' }
        [double]$row.Auprc | Should -Be $done.Auprc
    }

    It 'make pictures of every kind' {
        $done = $trials | Where-Object State -EQ Done
        foreach ($kind in 'LearningRate', 'Comparison', 'Training', 'Margin', 'PrecisionRecall', 'Logits') {
            $done | Select-Object -First 2 | Export-SlcPlot "$kind.svg" $kind
            (Get-Item "$kind.svg").Length | Should -BeGreaterThan 1000
        }
    }

    It 'are summarised and compared' {
        $rate = $trials | Where-Object LearningRate -EQ 0.1
        ($rate | Measure-SlcSummary).RunCount | Should -Be 2, 2, 2
        ($rate | Compare-SlcLoss -Metric Auprc).RunCount | Should -Contain 2
        { Get-SlcTrial $sweep | Where-Object State -NE Done | Export-SlcReport none.csv -WarningAction SilentlyContinue } |
            Should -Throw -ErrorId 'InputMissing*'
    }
}
