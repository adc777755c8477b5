<#
.SYNOPSIS
    Trains with each loss, and says how many batches were certified at the end and whether the principle holds, on what was trained on
    and on what was not.
.DESCRIPTION
    A batch is certified when its loss is below the loss's critical value: then the Principle of Logit Separation holds for the logits of
    that batch, without looking at them. Certified is the share of such batches in the last twentieth of the steps; it is empty for the
    losses that guarantee nothing. For the training and for the test split: whether the principle holds, the margin (the smallest true
    logit less the largest false one), the share of pairs of a true and a false logit that are out of order, the uniform accuracy (the
    largest share of examples that one threshold for all classes gets wholly right), and for how many classes a threshold of their own separates.
.PARAMETER Dataset
    The data sets.
.PARAMETER Loss
    The losses.
.PARAMETER Step
    The number of steps of each training.
.PARAMETER BatchSize
    The number of examples of a batch. The critical value falls as one over it.
.PARAMETER LearningRate
    The learning rate of all trainings.
.PARAMETER Seed
    The seed.
.PARAMETER Device
    Where to train.
.PARAMETER OutFile
    A CSV file for all numbers.
.EXAMPLE
    ./examples/certificates.ps1 -Dataset Digits -Step 500

    Some seconds on the data set that comes with the module.
.EXAMPLE
    ./examples/certificates.ps1 -OutFile certificates.csv

    Digits and MNIST, 10,000 steps with each loss: some forty minutes on two cores.
#>
[CmdletBinding()]
param(
    [string[]] $Dataset = ('Digits', 'MNIST'),
    [string[]] $Loss = '*',
    [ValidateRange(1, 100000000)] [int] $Step = 10000,
    [ValidateRange(2, 1000000)] [int] $BatchSize = 128,
    [double] $LearningRate = 0.03,
    [int] $Seed = 0,
    [string] $Device = 'cpu',
    [string] $OutFile
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../LogitSeparation.psd1')

# From outside of PowerShell a list arrives as one text.
$Dataset, $Loss = $Dataset, $Loss | ForEach-Object { , @($_ -split '\s*,\s*') }

# Wildcards stand for the losses beyond the paper's too.
$Loss = (Get-SlcLoss $Loss).Name

function Get-Row($Model, [string] $Split) {
    $report = $Model | Test-SlcSeparation -Split $Split -ByClass
    [pscustomobject] [ordered] @{
        Dataset         = $report.Dataset
        Loss            = $Model.Loss
        Certified       = $Model.History[-1].CertifiedShare
        Split           = $Split
        Holds           = $report.Holds
        Margin          = $report.Margin
        ViolatingPairs  = $report.ViolatingPairs
        Pairs           = $report.Pairs
        UniformAccuracy = $report.UniformAccuracy
        ClassCount      = $report.ClassCount
        ClassesHolding  = @($report.Class | Where-Object Holds).Count
        Step            = $Step
        BatchSize       = $BatchSize
        LearningRate    = $LearningRate
        Seed            = $Seed
    }
}

$rows = foreach ($name in $Dataset) {
    $models = Get-SlcDataset $name -Seed $Seed |
        Start-SlcTraining $Loss -Step $Step -BatchSize $BatchSize -LearningRate $LearningRate -Seed $Seed -Device $Device
    foreach ($model in $models) {
        foreach ($split in 'Train', 'Test') { Get-Row $model $split }
    }
}

$rows | Format-Table -GroupBy Dataset (
    'Loss',
    @{ Name = 'Certified'; Expression = { $null -eq $_.Certified ? '-' : '{0:p1}' -f $_.Certified }; Align = 'Right' },
    'Split',
    'Holds',
    @{ Name = 'Margin'; Expression = { '{0:g4}' -f $_.Margin }; Align = 'Right' },
    @{ Name = 'Violating'; Expression = { '{0:p4}' -f ($_.ViolatingPairs / $_.Pairs) }; Align = 'Right' },
    @{ Name = 'Uniform'; Expression = { '{0:p2}' -f $_.UniformAccuracy }; Align = 'Right' },
    @{ Name = 'Classes'; Expression = { '{0} of {1}' -f $_.ClassesHolding, $_.ClassCount }; Align = 'Right' }) | Out-Host

if ($OutFile) {
    $rows | Export-Csv "$OutFile.partial" -UseQuotes AsNeeded
    Move-Item "$OutFile.partial" $OutFile -Force
}
