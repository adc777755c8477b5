BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)

    function Complete([string] $Line) { ([System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null)).CompletionMatches.CompletionText }
}

Describe 'Tab completion' {
    It 'offers losses' {
        Complete 'Start-SlcTraining -Loss Ba' | Should -Be 'BatchCE', 'BatchMaxMargin'
        Complete 'Get-SlcLoss ' | Should -Be (Get-SlcLoss).Name
        Complete 'Measure-SlcLoss -Loss CE, Max' | Should -Be 'MaxMargin'
    }

    It 'offers data sets' {
        Complete 'Get-SlcDataset -Name Fa' | Should -Be 'FashionMNIST'
        Complete 'Get-SlcDataset -Name CI' | Should -Be 'CIFAR10', 'CIFAR100'
        Complete 'Get-SlcDataset S' | Should -Be 'SVHN', 'Synthetic'
        Complete 'Start-SlcTraining -Augmentation ' | Should -Be 'Flip', 'None', 'ShiftedCrop'
    }

    It 'offers devices' {
        Complete 'Start-SlcTraining -Device c' | Should -Contain 'cpu'
        Complete 'Start-SlcTraining -Device a' | Should -Be 'auto'
    }

    It 'offers networks, splits, optimizers and noise' {
        Complete 'Start-SlcTraining -Network m' | Should -Be 'MLP'
        Complete 'Start-SlcTraining -Network a' | Should -Be 'Auto'
        Complete 'Get-SlcLogit -Split ' | Sort-Object | Should -Be 'Test', 'Train', 'Validation'
        Complete 'Start-SlcTraining -Optimizer a' | Should -Be 'Adam'
        Complete 'Measure-SlcLoss -NoisePrior C' | Should -Be 'ClassFrequency'
    }

    It 'offers the classes of the model that is there' {
        $global:slcModel = Get-SlcDataset | Start-SlcTraining CE -Step 2 -HiddenUnit 4
        try {
            Complete 'Find-SlcMatch -Model $slcModel -Class ' | Should -Be (0..9 | ForEach-Object { "$_" })
            Complete 'Measure-SlcThreshold -Model $slcModel -Class 7' | Should -Be '7'
        } finally {
            Remove-Variable -Scope Global slcModel
        }
    }

    It 'offers the classes of a data set that a model lacks' {
        $global:slcData = Get-SlcDataset
        $global:slcModel = $slcData | Start-SlcTraining CE -Step 2 -HiddenUnit 4 | Remove-SlcClass 2, 9
        try {
            Complete 'Add-SlcClass -Model $slcModel -Dataset $slcData -Class ' | Should -Be '2', '9'
            Complete 'Add-SlcClass -Dataset $slcData -Class 7' | Should -Be '7'
        } finally {
            Remove-Variable -Scope Global slcModel, slcData
        }
    }

    It 'offers the classes of a model that is piped in' {
        $global:piped = Get-SlcDataset | Start-SlcTraining CE -Step 2 -HiddenUnit 4
        try {
            Complete '$piped | Find-SlcMatch -Class ' | Should -Be $piped.ClassNames
            Complete '$piped | Export-SlcPlot x.png Logits -Class 1' | Should -Be '1'
            Complete '$nothing | Find-SlcMatch -Class 1' | Should -Not -Contain '1'
        }
        finally { Remove-Variable piped -Scope Global }
    }
}
