@{
    ModuleVersion        = '0.1.0'
    GUID                 = '5b0c7a1e-6c3e-4c0b-9d52-3f1f6a0c8e17'
    Author               = 'The LogitSeparation authors'
    Copyright            = 'Copyright (c) 2026 The LogitSeparation authors. MIT License.'
    Description          = 'The Principle of Logit Separation: train with losses whose single logits can be compared, measure how well they are separated, and look for one class without computing the others.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')

    # In this order: Built.psm1 says what to do where nothing was built, and the loader has to be there before the cmdlets.
    NestedModules        = @('module/Built.psm1', 'module/bin/LogitSeparation.Loader.dll')
    RootModule           = 'module/bin/LogitSeparation.PowerShell.dll'
    FormatsToProcess     = @('module/LogitSeparation.Format.ps1xml')
    TypesToProcess       = @()

    CmdletsToExport      = @(
        'Add-SlcClass'
        'Compare-SlcLoss'
        'Export-SlcFeature'
        'Export-SlcLogit'
        'Export-SlcModel'
        'Export-SlcPlot'
        'Export-SlcReport'
        'Find-SlcMatch'
        'Get-SlcDataset'
        'Get-SlcDevice'
        'Get-SlcIndex'
        'Get-SlcLogit'
        'Get-SlcLoss'
        'Get-SlcNetwork'
        'Get-SlcTrial'
        'Import-SlcLogit'
        'Import-SlcModel'
        'Invoke-SlcTrial'
        'Measure-SlcLatency'
        'Measure-SlcLoss'
        'Measure-SlcMetrics'
        'Measure-SlcSummary'
        'Measure-SlcThreshold'
        'New-SlcIndex'
        'Optimize-SlcIndex'
        'Remove-SlcClass'
        'Set-SlcThreshold'
        'Resume-SlcSweep'
        'Resume-SlcTraining'
        'Start-SlcSweep'
        'Start-SlcTraining'
        'Stop-SlcSweep'
        'Test-SlcLossAlignment'
        'Test-SlcSeparation'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags = @('MachineLearning', 'Classification', 'Logits', 'Loss', 'SingleLogitClassification', 'TorchSharp')
        }
    }
}
