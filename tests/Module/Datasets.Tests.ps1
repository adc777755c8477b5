# Data sets as a user opens them; what the files hold is tested in the core.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $shared = Join-Path (Get-RepositoryRoot) '../shared/data'
}

Describe 'Data sets by name' {
    It 'lists <_>, with its source' -ForEach 'SVHN', 'CIFAR10', 'CIFAR100', 'TinyImageNet', 'ImageNet' {
        $info = Get-SlcDataset $_ -ListAvailable
        $info.ClassCount | Should -BeGreaterThan 9
        $info.Source | Should -Match 'http'
    }

    It 'makes Synthetic to measure' {
        $data = Get-SlcDataset Synthetic -ClassCount 7 -Dimension 5 -Separation 3 -Noise 0.5 -TrainCount 70 -TestCount 21 -Seed 2
        $data.ClassCount, $data.ExampleShape[0], $data.Test.Count, ($data.Train.Count + $data.Validation.Count) | Should -Be 7, 5, 21, 70
        $data.Test.CountClasses() | Should -Be (@(3) * 7)
        $data.Train.Example(0).Count | Should -Be 5
        $model = $data | Start-SlcTraining CE -Step 100 -BatchSize 16 -HiddenUnit 16
        ($model | Measure-SlcMetrics).Accuracy | Should -BeGreaterThan 0.8
    }

    It 'opens a model''s Synthetic again' {
        Get-SlcDataset Synthetic -ClassCount 4 -TrainCount 40 -TestCount 12 | Start-SlcTraining CE -Step 3 -BatchSize 8 -HiddenUnit 4 |
            Export-SlcModel "$TestDrive/synthetic.safetensors"
        (Import-SlcModel "$TestDrive/synthetic.safetensors" | Get-SlcLogit).Count | Should -Be 12
    }

    It 'finds data sets in SLC_DATA' {
        if (-not (Test-Path "$shared/cifar-10")) { Set-ItResult -Skipped -Because 'the shared folder is not there' }
        $before = $env:SLC_DATA
        $env:SLC_DATA = $shared
        try {
            (Get-SlcDataset CIFAR10 -WarningAction SilentlyContinue).Train.Count | Should -Be 900
            Get-SlcDataset -ListAvailable | Where-Object Name -In 'SVHN', 'CIFAR100', 'TinyImageNet', 'ImageNet' | ForEach-Object IsAvailable | Should -Be (@($true) * 4)
        } finally {
            $env:SLC_DATA = $before
        }
    }
}

Describe 'Data sets by path' {
    It 'warns of a part and uses coarse labels' {
        if (-not (Test-Path "$shared/cifar-100")) { Set-ItResult -Skipped -Because 'the shared folder is not there' }
        $data = Get-SlcDataset -Path "$shared/cifar-100" -CoarseLabel -WarningVariable warning -WarningAction SilentlyContinue
        $data.ClassCount | Should -Be 20
        "$warning" | Should -Match '50000'
    }

    It 'trains on colour pictures with augmentation' {
        if (-not (Test-Path "$shared/svhn")) { Set-ItResult -Skipped -Because 'the shared folder is not there' }
        $data = Get-SlcDataset SVHN -Path "$shared/svhn" -WarningAction SilentlyContinue
        $data.Scaling.Mean.Count | Should -Be 3
        $data.Scaling.Mean[2] | Should -BeGreaterThan 100
        $models = $data | Start-SlcTraining CE -Step 4 -HiddenUnit 8 -Augmentation Flip, ShiftedCrop
        $models.Training.Augmentation | Should -Be 'Flip, ShiftedCrop'
        $models | Export-SlcModel "$TestDrive/colour.safetensors"
        (Import-SlcModel "$TestDrive/colour.safetensors").Scaling.Deviation.Count | Should -Be 3
    }

    It 'reads a folder of pictures' {
        if (-not (Test-Path "$shared/imagenet")) { Set-ItResult -Skipped -Because 'the shared folder is not there' }
        $picture = (Get-ChildItem "$shared/imagenet/train/*/*.JPEG")[0..3]
        foreach ($i in 0..3) {
            $folder = (New-Item -ItemType Directory -Force "$TestDrive/set/$($i % 2)").FullName
            [IO.File]::WriteAllBytes("$folder/$i.jpg", [IO.File]::ReadAllBytes($picture[$i]))
        }
        $data = Get-SlcDataset -Path "$TestDrive/set" -Size 20 -TestCount 1 -ValidationCount 0
        $data.Name, $data.Train.Count, ($data.ExampleShape -join 'x') | Should -Be 'set', 3, '3x20x20'
        (Get-SlcDataset -Path "$TestDrive/set" -Size 20 -Stream -TestCount 1 -ValidationCount 0 | Start-SlcTraining CE -BatchSize 2 -Step 3 -HiddenUnit 4).Loss | Should -Be 'CE'
    }

    It 'reads a table' {
        'a,b,kind', '1,2,x', '2,3,y', '3,4,x', '4,5,y' | Set-Content "$TestDrive/table.csv"
        $data = Get-SlcDataset -Path "$TestDrive/table.csv" -LabelColumn kind -TestCount 1 -ValidationCount 0
        $data.ClassNames | Should -Be 'x', 'y'
        $data.Name | Should -Be 'table'
    }
}
