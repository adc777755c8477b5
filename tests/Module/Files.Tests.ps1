BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $models = Get-SlcDataset | Start-SlcTraining CE, BatchCE -Step 20 -HiddenUnit 8
    $model = $models[0]
}

Describe 'Saved models' {
    BeforeEach { Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))) }
    AfterEach { Pop-Location }

    It 'come back as they were' {
        $model | Export-SlcModel model.safetensors
        $again = Import-SlcModel model.safetensors
        foreach ($name in $model.Weights.Keys) {
            $again.Weights[$name].Values.ToArray() | Should -Be $model.Weights[$name].Values.ToArray()
        }
        $again.ClassNames | Should -Be $model.ClassNames
        $again.Training.Seed, $again.Loss, $again.Dataset, $again.ThreadCount |
            Should -Be $model.Training.Seed, $model.Loss, $model.Dataset, $model.ThreadCount
        $again.History.Loss | Should -Be $model.History.Loss
        ($again | Measure-SlcMetrics).Auprc | Should -Be ($model | Measure-SlcMetrics).Auprc
    }

    It 'go to a folder under names of their own, and are found by wildcards' {
        $models | Export-SlcModel saved/ -Force
        (Import-SlcModel saved/*.safetensors).Loss | Sort-Object | Should -Be 'BatchCE', 'CE'
        (Get-ChildItem saved | Import-SlcModel).Count | Should -Be 2
    }

    It 'follow the location and drives of PowerShell' {
        [void] (New-PSDrive -Name Slc -PSProvider FileSystem -Root $PWD)
        $model | Export-SlcModel Slc:/model.safetensors
        (Import-SlcModel Slc:/model.safetensors).Loss | Should -Be 'CE'
        Test-Path ./model.safetensors | Should -BeTrue
        Remove-PSDrive Slc
    }

    It 'have brackets in their names where -LiteralPath says so' {
        $model | Export-SlcModel 'a[1].safetensors'
        (Import-SlcModel -LiteralPath 'a[1].safetensors').Loss | Should -Be 'CE'
    }

    It 'are not written with -WhatIf' {
        $model | Export-SlcModel model.safetensors -WhatIf
        Test-Path model.safetensors | Should -BeFalse
    }

    It 'are handed on with -PassThru' {
        $passed = $model | Export-SlcModel model.safetensors -PassThru
        [object]::ReferenceEquals($passed, $model) | Should -BeTrue
    }

    It 'are not replaced with -NoClobber' {
        $model | Export-SlcModel model.safetensors
        $models[1] | Export-SlcModel model.safetensors -NoClobber -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        (Import-SlcModel model.safetensors).Loss | Should -Be 'CE'
        $models[1] | Export-SlcModel model.safetensors
        (Import-SlcModel model.safetensors).Loss | Should -Be 'BatchCE'
    }

    It 'replace a read-only file with -Force alone' {
        $model | Export-SlcModel model.safetensors
        (Get-Item model.safetensors).IsReadOnly = $true
        $models[1] | Export-SlcModel model.safetensors -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'FileReadOnly,*'
        $models[1] | Export-SlcModel model.safetensors -Force
        (Import-SlcModel model.safetensors).Loss | Should -Be 'BatchCE'
    }

    It 'of other seeds and learning rates get names of their own in a folder' {
        $others = foreach ($seed in 0, 7, 8) { Get-SlcDataset | Start-SlcTraining CE -Step 2 -HiddenUnit 8 -Seed $seed }
        $rate = Get-SlcDataset | Start-SlcTraining CE -Step 2 -HiddenUnit 8 -Seed 8 -LearningRate 0.05
        @($others) + $rate | Export-SlcModel saved/ -Force
        (Get-ChildItem saved).Name | Sort-Object | Should -Be @(
            'Digits-CE-seed7.safetensors', 'Digits-CE-seed8-rate0.05.safetensors', 'Digits-CE-seed8.safetensors', 'Digits-CE.safetensors')
        @($others) + $rate | Get-SlcLogit | Export-SlcLogit logits/ -Force
        @(Get-ChildItem logits).Count | Should -Be 4
        $rate, $rate, $rate | Export-SlcModel saved/ -ErrorVariable errors -ErrorAction SilentlyContinue
        "$errors" | Should -BeLike '*same data set, loss, seed and learning rate*'
    }

    It 'do not overwrite one another' {
        $models | Export-SlcModel one.safetensors -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'FileWrittenTwice,*'
        (Import-SlcModel one.safetensors).Loss | Should -Be 'CE'
    }

    It 'leave no other file behind' {
        $model | Export-SlcModel model.safetensors
        (Get-ChildItem -Force).Name | Should -Be 'model.safetensors'
    }
}

Describe 'Saved logits' {
    It 'keep labels, classes and bits, and take names for the measures' {
        $logits = $model | Get-SlcLogit
        $path = Join-Path $TestDrive 'digits.npz'
        $logits | Export-SlcLogit $path
        $again = Import-SlcLogit $path -Dataset Digits -Split Test -Loss CE
        $again.SingleLogits.ToArray() | Should -Be $logits.SingleLogits.ToArray()
        $again.Labels.ToArray() | Should -Be $logits.Labels.ToArray()
        $again.ClassNames | Should -Be $logits.ClassNames
        $metrics = $again | Measure-SlcMetrics
        $metrics.Dataset, $metrics.Split, $metrics.Loss | Should -Be 'Digits', 'Test', 'CE'
    }

    It 'keep labels and bits as <_>' -ForEach '.npy', '.csv', '.safetensors' {
        $logits = $model | Get-SlcLogit
        $path = Join-Path $TestDrive "digits$_"
        $logits | Export-SlcLogit $path
        $again = Import-SlcLogit $path
        $again.SingleLogits.ToArray() | Should -Be $logits.SingleLogits.ToArray()
        $again.Labels.ToArray() | Should -Be $logits.Labels.ToArray()
    }

    It 'take labels from the file that is named' {
        $model | Get-SlcLogit | Export-SlcLogit (Join-Path $TestDrive 'a.npy')
        Move-Item (Join-Path $TestDrive 'a.labels.npy') (Join-Path $TestDrive 'y.npy')
        Push-Location $TestDrive
        try { (Import-SlcLogit a.npy -LabelPath y.npy).Count | Should -Be ($model | Get-SlcLogit).Count } finally { Pop-Location }
    }

    It 'get a name of their own in a folder' {
        $model | Get-SlcLogit | Export-SlcLogit $TestDrive
        Test-Path (Join-Path $TestDrive 'Digits-CE-Test.npz') | Should -BeTrue
    }
}

Describe 'Labels beside a .npy file' {
    BeforeAll {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'npy')
        $logits = Get-SlcDataset | Start-SlcTraining CE -Step 5 -HiddenUnit 4 | Get-SlcLogit
    }

    It 'are kept by -NoClobber, and not taken for logits by a wildcard' {
        $logits | Export-SlcLogit "$folder/a.npy"
        Remove-Item "$folder/a.npy"
        { $logits | Export-SlcLogit "$folder/a.npy" -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists*' -ExpectedMessage '*a.labels.npy*'
        $logits | Export-SlcLogit "$folder/a.npy"
        $logits | Export-SlcLogit "$folder/b.npy"
        (Import-SlcLogit "$folder/*.npy" -Loss batchce).Loss | Should -Be 'BatchCE', 'BatchCE'
    }

    It 'of a loss that is not ours are measured over all logits where that is asked' {
        $foreign = $logits | Export-SlcLogit "$folder/c.npy" -PassThru | ForEach-Object { Import-SlcLogit "$folder/c.npy" -Loss ArcFace }
        ($foreign | Measure-SlcMetrics -AllLogits).Score | Should -Be 'SingleLogit', 'AllLogits'
    }
}
