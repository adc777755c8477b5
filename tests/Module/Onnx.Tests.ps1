# Models as ONNX files, and ONNX files as trunks.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $digits = Get-SlcDataset
    $model = $digits | Start-SlcTraining CE -Step 100 -Seed 1
    $file = Join-Path $TestDrive 'digits.onnx'
}

Describe 'Export-SlcModel -Format Onnx' {
    It 'writes a graph that ONNX Runtime has computed' {
        $said = $model | Export-SlcModel $file -Verbose 4>&1
        "$said" | Should -BeLike '*differ*at most*'
        (Get-Item $file).Length | Should -BeGreaterThan (4 * (64 * 500 + 500 * 500))
        $model | Export-SlcModel "$TestDrive/other" -Format Onnx -AllLogits -Force
        Test-Path "$TestDrive/other" -PathType Leaf | Should -BeTrue
    }

    It 'gives a file in a folder its extension' {
        $model | Export-SlcModel "$TestDrive/models/" -Format Onnx -Force
        (Get-ChildItem "$TestDrive/models").Name | Should -BeLike '*.onnx'
    }

    It 'refuses -AllLogits where there is no graph' {
        { $model | Export-SlcModel "$TestDrive/x.safetensors" -AllLogits } | Should -Throw -ErrorId 'AllLogitsWithoutOnnx*'
    }
}

Describe 'Export-SlcFeature' {
    It 'makes a head for single logits of an ONNX file trained with cross-entropy' {
        $model | Export-SlcModel "$TestDrive/all.onnx" -AllLogits
        $features = $digits | Export-SlcFeature "$TestDrive/features" -OnnxPath "$TestDrive/all.onnx" -PixelMean 0 -PixelDeviation 1
        $features.ExampleShape | Should -Be 10
        $head = $features | Start-SlcTraining BatchCE -Network Linear -Step 200 -LearningRate 0.1
        ($head | Measure-SlcMetrics).Accuracy | Should -BeGreaterThan 0.9
        $head | Export-SlcModel "$TestDrive/head.onnx"
        (Get-ChildItem "$TestDrive/features").Name | Should -Be 'origin.json', 'test_features.npy', 'test_labels.npy', 'train_features.npy', 'train_labels.npy'
    }

    It 'names the outputs where one is wrong, and writes nothing with -WhatIf' {
        { $digits | Export-SlcFeature "$TestDrive/none" -OnnxPath "$TestDrive/all.onnx" -OutputName nothing -ErrorAction Stop } |
            Should -Throw -ErrorId 'OnnxOutputUnknown*' -ExpectedMessage '*logit*'
        $digits | Export-SlcFeature "$TestDrive/none" -Model $model -WhatIf
        Test-Path "$TestDrive/none" | Should -BeFalse
    }
    It 'replaces nothing with -NoClobber, and one data set by another in no case' {
        $folder = "$TestDrive/kept"
        $null = $digits | Export-SlcFeature $folder -Model $model
        { $digits | Export-SlcFeature $folder -Model $model -NoClobber -ErrorAction Stop } | Should -Not -Throw
        $other = $digits | Start-SlcTraining CE -Step 2 -HiddenUnit 7
        { $digits | Export-SlcFeature $folder -Model $other -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists*'
        { $digits, $digits | Export-SlcFeature $folder -Model $model -ErrorAction Stop } | Should -Throw -ErrorId 'FileWrittenTwice*'
    }
}
