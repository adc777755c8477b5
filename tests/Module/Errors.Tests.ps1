# Bad input: an error with an identifier, a category and a message that says what to do; never a stack trace.

BeforeDiscovery {
    $cases = @(
        @{ Id = 'UnknownLoss'; Category = 'ObjectNotFound'; Text = "Did you mean 'BatchCE'"; Code = { Get-SlcLoss BachCE } }
        @{ Id = 'ClassFrequencyMismatch'; Category = 'InvalidArgument'; Text = '2 numbers'; Code = { $logits | Measure-SlcLoss NCE -NoisePrior ClassFrequency -ClassFrequency 1, 2 } }
        @{ Id = 'UnknownLoss'; Category = 'ObjectNotFound'; Text = 'Q\*'; Code = { $data | Start-SlcTraining Q* } }
        @{ Id = 'UnknownLoss'; Category = 'ObjectNotFound'; Text = "'SelfNorm'"; Code = { $logits | Measure-SlcLoss Selfnom } }
        @{ Id = 'UnknownDataset'; Category = 'ObjectNotFound'; Text = 'MNIST'; Code = { Get-SlcDataset MNITS -NoDownload } }
        @{ Id = 'UnknownDataset'; Category = 'ObjectNotFound'; Text = 'Digits'; Code = { Get-SlcDataset Digit -ListAvailable } }
        @{ Id = 'UnknownNetwork'; Category = 'ObjectNotFound'; Text = 'MLP'; Code = { $data | Start-SlcTraining -Network MPL } }
        @{ Id = 'UnknownClass'; Category = 'ObjectNotFound'; Text = "'12'"; Code = { $model | Measure-SlcThreshold -Class 12 } }
        @{ Id = 'UnknownClass'; Category = 'ObjectNotFound'; Text = "'12'"; Code = { $model | Find-SlcMatch 12 -Threshold 0 } }
        @{ Id = 'UnknownDevice'; Category = 'ObjectNotFound'; Text = "Did you mean 'cuda'"; Code = { $data | Start-SlcTraining -Step 2 -Device cdua } }
        @{ Id = 'DeviceUnavailable'; Category = 'ResourceUnavailable'; Text = 'cpu'; Code = { $data | Start-SlcTraining -Step 2 -Device cuda:63 } }
        @{ Id = 'InvalidTrainingOption'; Category = 'InvalidArgument'; Text = '-Step'; Code = { $data | Start-SlcTraining -Step 0 } }
        @{ Id = 'InvalidTrainingOption'; Category = 'InvalidArgument'; Text = '-BatchSize'; Code = { $data | Start-SlcTraining -BatchSize 1 } }
        @{ Id = 'InvalidTrainingOption'; Category = 'InvalidArgument'; Text = '-BatchSize'; Code = { $data | Start-SlcTraining -BatchSize 99999 } }
        @{ Id = 'InvalidTrainingOption'; Category = 'InvalidArgument'; Text = '-LearningRate'; Code = { $data | Start-SlcTraining -LearningRate NaN } }
        @{ Id = 'InvalidTrainingOption'; Category = 'InvalidArgument'; Text = '-LearningRate'; Code = { $data | Start-SlcTraining -LearningRate -1 } }
        @{ Id = 'InvalidTrainingOption'; Category = 'InvalidArgument'; Text = '-Momentum'; Code = { $data | Start-SlcTraining -Momentum 1 } }
        @{ Id = 'InvalidTrainingOption'; Category = 'InvalidArgument'; Text = '-WeightDecay'; Code = { $data | Start-SlcTraining -WeightDecay -0.1 } }
        @{ Id = 'InvalidTrainingOption'; Category = 'InvalidArgument'; Text = '-HistoryInterval'; Code = { $data | Start-SlcTraining -HistoryInterval -1 } }
        @{ Id = 'InvalidHiddenUnit'; Category = 'InvalidArgument'; Text = '-HiddenUnit'; Code = { $data | Start-SlcTraining -HiddenUnit 0 } }
        @{ Id = 'InvalidLossOption'; Category = 'InvalidArgument'; Text = '-Alpha'; Code = { $data | Start-SlcTraining -Alpha -1 } }
        @{ Id = 'InvalidLossOption'; Category = 'InvalidArgument'; Text = '-Gamma'; Code = { $logits | Measure-SlcLoss -Gamma NaN } }
        @{ Id = 'InvalidLossOption'; Category = 'InvalidArgument'; Text = '-NoiseCount'; Code = { $logits | Measure-SlcLoss -NoiseCount 0 } }
        @{ Id = 'InvalidLossOption'; Category = 'InvalidArgument'; Text = '-Epsilon'; Code = { $logits | Measure-SlcLoss -Epsilon -1 } }
        @{ Id = 'ValidationCountOutOfRange'; Category = 'InvalidArgument'; Text = '1347'; Code = { Get-SlcDataset -ValidationCount 100000 } }
        @{ Id = 'DatasetNotFound'; Category = 'ObjectNotFound'; Text = 'train_32x32\.mat'; Code = { Get-SlcDataset SVHN -Path $TestDrive } }
        @{ Id = 'DatasetParameterUnused'; Category = 'InvalidArgument'; Text = '-CoarseLabel'; Code = { Get-SlcDataset -CoarseLabel } }
        @{ Id = 'DatasetParameterUnused'; Category = 'InvalidArgument'; Text = '-ClassCount'; Code = { Get-SlcDataset Digits -Noise 2 } }
        @{ Id = 'InvalidSyntheticOption'; Category = 'InvalidArgument'; Text = '-ClassCount'; Code = { Get-SlcDataset Synthetic -ClassCount 1 } }
        @{ Id = 'InvalidTrainingOption'; Category = 'InvalidArgument'; Text = '-Augmentation'; Code = { Get-SlcDataset Synthetic -ClassCount 3 | Start-SlcTraining -Augmentation Flip -BatchSize 8 } }
        @{ Id = 'InvalidTrainingOption'; Category = 'InvalidArgument'; Text = '-CropShift'; Code = { $data | Start-SlcTraining -CropShift 0 } }
        @{ Id = 'InvalidTrainingOption'; Category = 'InvalidArgument'; Text = '-ProductPrecision.*CUDA'; Code = { $data | Start-SlcTraining -ProductPrecision Tf32 -Device cpu } }
        @{ Id = 'RecallOutOfRange'; Category = 'InvalidArgument'; Text = '1\.5'; Code = { $logits | Measure-SlcMetrics -Recall 1.5 } }
        @{ Id = 'ThresholdTargetOutOfRange'; Category = 'InvalidArgument'; Text = 'precision'; Code = { $logits | Measure-SlcThreshold -Precision 2 } }
        @{ Id = 'AmbiguousTarget'; Category = 'InvalidArgument'; Text = '-Recall'; Code = { $logits | Measure-SlcThreshold -Precision 0.5 -Recall 0.5 } }
        @{ Id = 'AmbiguousTarget'; Category = 'InvalidArgument'; Text = '-Class'; Code = { $logits | Measure-SlcThreshold 1 -Uniform } }
        @{ Id = 'CalibrationOfAllClasses'; Category = 'InvalidArgument'; Text = '-Uniform'; Code = { $logits | Measure-SlcThreshold -Uniform -Calibration Isotonic } }
        @{ Id = 'UnknownClass'; Category = 'ObjectNotFound'; Text = "'12'"; Code = { Set-SlcThreshold $model -Class 12 -Value 0 } }
        @{ Id = 'ConfidenceWithoutTarget'; Category = 'InvalidArgument'; Text = '-Precision'; Code = { $logits | Measure-SlcThreshold -Confidence 0.9 } }
        @{ Id = 'ConfidenceOutOfRange'; Category = 'InvalidArgument'; Text = '1\.5'; Code = { $logits | Measure-SlcThreshold -Recall 0.9 -Confidence 1.5 } }
        @{ Id = 'PrecisionNotPromised'; Category = 'InvalidData'; Text = 'labelled|selected|would not help'; Code = { $logits | Measure-SlcThreshold 1 -Precision 0.999 -Confidence 0.999 } }
        @{ Id = 'RecallNotPromised'; Category = 'InvalidData'; Text = '[0-9]+ would'; Code = { $logits | Measure-SlcThreshold 1 -Recall 0.999 -Confidence 0.999 } }
        @{ Id = 'ThresholdMissing'; Category = 'InvalidArgument'; Text = 'Set-SlcThreshold'; Code = { $model | Find-SlcMatch 1 } }
        @{ Id = 'InvalidThreshold'; Category = 'InvalidArgument'; Text = 'NaN'; Code = { $model | Find-SlcMatch 1 -Threshold NaN } }
        @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Text = 'none\*'; Code = { Import-SlcLogit "$TestDrive/none*.npz" } }
        @{ Id = 'FileNotFound'; Category = 'ObjectNotFound'; Text = 'none\.npz'; Code = { Import-SlcLogit "$TestDrive/none.npz" } }
        @{ Id = 'LogitsFormatUnknown'; Category = 'InvalidData'; Text = '\.csv'; Code = { Import-SlcLogit "$TestDrive/none.txt" } }
        @{ Id = 'LabelPathUnused'; Category = 'InvalidArgument'; Text = 'whole\.npz'; Code = { Import-SlcLogit "$TestDrive/whole.npz" -LabelPath y.npy } }
        @{ Id = 'FileNotFound'; Category = 'ObjectNotFound'; Text = 'none\.safetensors'; Code = { Import-SlcModel "$TestDrive/none.safetensors" } }
        @{ Id = 'NotAFilePath'; Category = 'InvalidArgument'; Text = 'Environment'; Code = { Import-SlcModel env:/PATH } }
        @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Text = 'nodrive'; Code = { Import-SlcModel nodrive:/model.safetensors } }
        @{ Id = 'NpzFileDamaged'; Category = 'InvalidData'; Text = 'cut\.npz'; Code = { Import-SlcLogit "$TestDrive/cut.npz" } }
        @{ Id = 'SafeTensorsFileDamaged'; Category = 'InvalidData'; Text = 'cut\.safetensors'; Code = { Import-SlcModel "$TestDrive/cut.safetensors" } }
        @{ Id = 'NaNLogit'; Category = 'InvalidData'; Text = 'example 1'; Code = { Import-SlcLogit "$TestDrive/nan.npz" | Measure-SlcMetrics } }
        @{ Id = 'NaNLogit'; Category = 'InvalidData'; Text = 'example 1'; Code = { Import-SlcLogit "$TestDrive/nan.npz" | Test-SlcSeparation } }
        @{ Id = 'NotWritable'; Category = 'WriteError'; Text = 'nowhere'; Code = { $model | Export-SlcModel "$TestDrive/nowhere/model.safetensors" } }
        @{ Id = 'NotWritable'; Category = 'WriteError'; Text = 'nowhere'; Code = { $logits | Export-SlcLogit "$TestDrive/nowhere/logits.npz" } }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $data = Get-SlcDataset
    $model = $data | Start-SlcTraining CE -Step 2 -HiddenUnit 4
    $logits = $model | Get-SlcLogit
    $logits | Export-SlcLogit "$TestDrive/whole.npz"
    $model | Export-SlcModel "$TestDrive/whole.safetensors"
    foreach ($kind in 'npz', 'safetensors') {
        $bytes = [IO.File]::ReadAllBytes("$TestDrive/whole.$kind")
        [IO.File]::WriteAllBytes("$TestDrive/cut.$kind", $bytes[0..($bytes.Length / 2)])
    }
    New-LogitFile "$TestDrive/nan.npz" @((, @(1.0, 0.0)) + (, @([double]::NaN, 2.0))) @(0, 1)
}

Describe 'Bad input: <Id> (<Code>)' -ForEach $cases {
    It 'is one error with an identifier, a category and a message' {
        $found = @()
        try {
            $output = & $Code -ErrorAction SilentlyContinue 2>&1
            $found = @($output | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
        } catch {
            $found = @($_)
        }
        $found.Count | Should -Be 1
        $found[0].FullyQualifiedErrorId | Should -BeLike "$Id,LogitSeparation.PowerShell.*Command"
        $found[0].CategoryInfo.Category | Should -Be $Category
        "$($found[0])" | Should -Match $Text
        $found[0] | Out-String | Should -Not -Match '   at \S+\('
    }
}

Describe 'An error about one input' {
    It 'does not keep the next from being read' {
        $read = 'cut', 'whole' | ForEach-Object { "$TestDrive/$_.npz" } | Import-SlcLogit -ErrorVariable errors -ErrorAction SilentlyContinue
        @($read).Count | Should -Be 1
        @($errors).Count | Should -Be 1
    }

    It 'about labels or a format leaves the other files of a list' {
        $logits | Export-SlcLogit "$TestDrive/bare.npy"
        Remove-Item "$TestDrive/bare.labels.npy"
        $read = Import-SlcLogit "$TestDrive/bare.npy", "$TestDrive/notes.txt", "$TestDrive/whole.npz" -ErrorVariable errors -ErrorAction SilentlyContinue
        @($read).Count | Should -Be 1
        $errors.FullyQualifiedErrorId -replace ',.*' | Should -Be 'LabelsMissing', 'LogitsFormatUnknown'
        $errors.CategoryInfo.Category | Should -Be 'InvalidData', 'InvalidData'
        { $logits | Export-SlcLogit "$TestDrive/notes.txt" } | Should -Throw -ErrorId 'LogitsFormatUnknown,*'
    }

    It 'names what is wrong as its target' {
        $null = Get-SlcLoss BachCE -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].TargetObject | Should -Be 'BachCE'
    }
}

Describe 'A name that a parameter does not have' {
    It 'is told which was probably meant' {
        { $model | Measure-SlcMetrics -Split Tset } | Should -Throw "*'Tset'*Did you mean 'Test'?*Train, Validation, Test*"
        { $model | Export-SlcPlot "$TestDrive/a.png" Margn } | Should -Throw "*Did you mean 'Margin'?*"
        { $data | Start-SlcTraining NCE -NoisePrior Unifrm } | Should -Throw "*Did you mean 'Uniform'?*"
        { Get-SlcTrial $TestDrive -State Done, Fialed } | Should -Throw "*Did you mean 'Failed'?*"
    }

    It 'may be the beginning of one, or its number' {
        ($model | Measure-SlcMetrics -Split Tes).Split | Should -Be 'Test'
        ($model | Measure-SlcMetrics -Split 1).Split | Should -Be 'Validation'
    }
}

Describe 'A name that is wrong for all input' {
    It 'ends the command' {
        { Start-SlcTraining Fokal -Dataset $data } | Should -Throw -ErrorId 'UnknownLoss,*'
        { Test-SlcLossAlignment Fokal } | Should -Throw -ErrorId 'UnknownLoss,*'
    }
}

Describe 'A command without input' {
    It 'asks for a model' {
        { Measure-SlcMetrics -AllLogits } | Should -Throw -ErrorId 'MissingMandatoryParameter,*'
        { Test-SlcSeparation -Quiet } | Should -Throw -ErrorId 'MissingMandatoryParameter,*'
    }
}

Describe 'Get-SlcNetwork' {
    It 'takes Auto for the network of such examples' {
        (Get-SlcNetwork Auto -InputShape 3, 8, 8).Name | Should -Be 'CNN'
        { Get-SlcNetwork CNN -InputShape 3, 20000, 20000 } | Should -Throw -ErrorId 'InvalidInputShape,*'
    }
}

Describe 'A mistake of the module itself' {
    It 'is one line with an identifier' {
        $bin = Join-Path (Get-RepositoryRoot) 'module/bin'
        $type = Add-Type -PassThru -IgnoreWarnings -CompilerOptions '-nowarn:CS1701' -ReferencedAssemblies "$bin/LogitSeparation.PowerShell.dll", 'System.Management.Automation', 'System.Runtime' -TypeDefinition @'
[System.Management.Automation.Cmdlet("Test", "Mistake")]
public class TestMistakeCommand : LogitSeparation.PowerShell.SlcCommand
{
    protected override void Process() { throw new System.InvalidTimeZoneException("first\nsecond"); }
}
'@
        Import-Module -Assembly $type.Assembly
        $failure = { Test-Mistake } | Should -Throw -ErrorId 'InternalError,*' -PassThru
        $failure.Exception.Message | Should -Be 'This should not have happened (InvalidTimeZoneException): first'
    }
}

Describe 'NoDownload' {
    It 'is there wherever a model may ask for its data set' {
        foreach ($name in 'Measure-SlcMetrics', 'Measure-SlcLoss', 'Measure-SlcThreshold', 'Test-SlcSeparation', 'Get-SlcLogit', 'Find-SlcMatch', 'Export-SlcPlot', 'Export-SlcReport') {
            (Get-Command $name).Parameters.Keys | Should -Contain 'NoDownload'
        }
    }
}
