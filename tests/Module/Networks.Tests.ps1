# Networks as users see them.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
}

Describe 'Get-SlcNetwork' {
    It 'gives the numbers of the paper''s networks' {
        $mlp, $cnn = Get-SlcNetwork MLP, CNN
        $mlp.MultiplyAddCount | Should -Be (784 * 500 + 500 * 500 + 500 * 10)
        $mlp.ParameterCount | Should -Be (784 * 500 + 500 * 500 + 4 * 500 + 500 * 10 + 10)
        [Math]::Round($cnn.MultiplyAddCount / 1e6, 1) | Should -Be 488.0
        $cnn.Layer[0].OutputShape -join 'x' | Should -Be '128x32x32'
    }

    It 'gives one logit a cost that the number of classes does not change' {
        $few, $many = 10, 100000 | ForEach-Object { Get-SlcNetwork MLP -ClassCount $_ }
        $many.SingleLogitMultiplyAddCount | Should -Be $few.SingleLogitMultiplyAddCount
        $many.MultiplyAddCount - $few.MultiplyAddCount | Should -Be (99990 * 500)
    }

    It 'takes shape and classes from a data set' {
        $network = Get-SlcDataset | Get-SlcNetwork MLP
        $network.InputShape | Should -Be 1, 8, 8
        $network.ClassCount | Should -Be 10
    }

    It 'leaves out of a wildcard what examples do not fit, and refuses it by name' {
        (Get-SlcNetwork -InputShape 64).Name | Should -Be MLP, Linear
        (Get-SlcNetwork -HiddenUnit 64).Name | Should -Be MLP, CNN
        { Get-SlcNetwork InceptionV3 -HiddenUnit 64 } | Should -Throw -ErrorId 'InvalidHiddenUnit*'
        { Get-SlcNetwork CNN -InputShape 64 } | Should -Throw -ErrorId 'NetworkInputMismatch*'
        { Get-SlcNetwork CNM } | Should -Throw -ErrorId 'UnknownNetwork*' -ExpectedMessage '*CNN*'
    }

    It 'shows tables that fit 80 columns' {
        foreach ($objects in @(Get-SlcNetwork), (Get-SlcNetwork CNN).Layer, (Get-SlcNetwork InceptionV3).Layer) {
            $lines = ($objects | Format-Table | Out-String -Width 80) -split '\r?\n'
            $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
            "$lines" | Should -Not -Match '\.\.\.|…'
        }
    }
}

Describe 'Training the CNN' {
    It 'learns Digits, saves what it learnt and gives the same logits again' {
        $model = Get-SlcDataset | Start-SlcTraining CE -Network CNN -HiddenUnit 64 -Step 80 -BatchSize 32 -LearningRate 0.01 -Seed 1
        ($model | Measure-SlcMetrics).Accuracy | Should -BeGreaterThan 0.8
        $path = Join-Path $TestDrive 'cnn.safetensors'
        $model | Export-SlcModel -Path $path
        $again = Import-SlcModel $path
        ($again | Measure-SlcMetrics).Auprc | Should -Be ($model | Measure-SlcMetrics).Auprc
    }
}

Describe 'Training a head alone' {
    It 'learns, and has no other weights' {
        $digits = Get-SlcDataset
        $model = $digits | Start-SlcTraining BatchCE -Network Linear -Step 300 -BatchSize 64 -LearningRate 0.05 -Seed 1
        $model.FeatureCount | Should -Be 64
        $model.Weights.Keys | Should -Be 'head.bias', 'head.weight'
        ($model | Measure-SlcMetrics).Accuracy | Should -BeGreaterThan 0.85
    }
}

Describe 'A network of the user''s own' {
    BeforeAll {
        $file = Join-Path $TestDrive 'Wide.dll'
        $torch = Join-Path (Get-RepositoryRoot) 'module/bin/core/TorchSharp.dll'
        Add-Type -CompilerOptions '-nowarn:1701' -OutputAssembly $file -ReferencedAssemblies $torch -TypeDefinition @'
using static TorchSharp.torch;
public sealed class Wide : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> layers;
    public Wide(int[] shape) : base("Wide")
    {
        layers = nn.Sequential(nn.Flatten(), nn.Linear(shape[0] * shape[1] * shape[2], 30), nn.BatchNorm1d(30), nn.ReLU());
        RegisterComponents();
    }
    public override Tensor forward(Tensor input) => layers.call(input);
}
'@
        $model = Get-SlcDataset | Start-SlcTraining BatchCE -Step 200 -AssemblyPath $file
    }

    It 'is shown, trained and found again by its file' {
        $info = Get-SlcDataset | Get-SlcNetwork -AssemblyPath $file
        $info.Name | Should -Be 'Wide'
        $info.ParameterCount | Should -Be (64 * 30 + 30 + 60 + 30 * 10 + 10)
        $model.FeatureCount | Should -Be 30
        $model.ValidationAccuracy | Should -BeGreaterThan 0.85
        { Get-SlcNetwork -AssemblyPath $file } | Should -Throw -ErrorId 'InputShapeMissing*'
        { Get-SlcDataset | Start-SlcTraining -Network Wode -AssemblyPath $file } | Should -Throw -ErrorId 'UnknownNetwork*' -ExpectedMessage '*Wide*'
    }

    It 'is run from a saved model only where its file is named' {
        $saved = Join-Path $TestDrive 'wide.safetensors'
        $model | Export-SlcModel $saved
        $measured = ($model | Measure-SlcMetrics).Auprc
        $manifest = Get-ManifestPath
        $lines = Invoke-NewProcess "
            Import-Module '$manifest'
            try { Import-SlcModel '$saved' -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }
            (Import-SlcModel '$saved' -AssemblyPath '$file' | Measure-SlcMetrics).Auprc -eq $($measured.ToString('R', [cultureinfo]::InvariantCulture))"
        $lines[0] | Should -BeLike 'AssemblyNotLoaded,*'
        $lines[-1] | Should -Be 'True'
    }

    It 'is carried by the trials of a sweep, into processes of their own' {
        $trials = Get-SlcDataset | Start-SlcSweep CE, BatchCE -Step 20 -AssemblyPath $file -Path (Join-Path $TestDrive 'own') -ThrottleLimit 2
        $trials.State | Should -Be Done, Done
    }
}
