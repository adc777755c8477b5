<#
.SYNOPSIS
    Promises a precision for each class of models trained by each loss, and looks at what the test split keeps of it.
.DESCRIPTION
    For each loss a network is trained. On its validation split a threshold of each class's logit is chosen twice: such that the precision is
    reached there, and such that it is reached on new examples with the confidence that is asked for (Measure-SlcThreshold -Confidence).
    Then the test split is searched for each class (Find-SlcMatch): the precision and recall that come out. Where the validation split
    cannot promise the precision there is no threshold, and the row has none.
.PARAMETER Dataset
    The data set.
.PARAMETER Loss
    The losses; wildcards are allowed.
.PARAMETER Precision
    The precision to reach.
.PARAMETER Confidence
    The probability with which it is to hold on new examples.
.PARAMETER Step
    The number of steps of each training.
.PARAMETER LearningRate
    The learning rate of all trainings.
.PARAMETER Seed
    The seed.
.PARAMETER Model
    Trained models of the data set to use in place of training, e.g. those of a sweep: (Get-SlcTrial ./sweep).ReadModel().
.PARAMETER OutFile
    A CSV file with one line for each loss, class and way to choose.
.EXAMPLE
    ./examples/thresholds.ps1 -Dataset Digits -Step 500 -Precision 0.9 -Confidence 0.8 -Loss CE, BatchCE

    Some seconds on the data set that comes with the module.
.EXAMPLE
    ./examples/thresholds.ps1 -OutFile thresholds.csv

    MNIST, 10,000 steps with each of the paper's losses: some ten minutes.
#>
[CmdletBinding()]
param(
    [string] $Dataset = 'MNIST',
    [string[]] $Loss = '*',
    [ValidateRange(0.01, 1)] [double] $Precision = 0.98,
    [ValidateRange(0.01, 0.999)] [double] $Confidence = 0.95,
    [ValidateRange(1, 100000000)] [int] $Step = 10000,
    [double] $LearningRate = 0.03,
    [int] $Seed = 0,
    [object[]] $Model,
    [string] $OutFile
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../LogitSeparation.psd1')

# From outside of PowerShell a list arrives as one text.
$Loss = $Loss -split '\s*,\s*'

# What the test split says of thresholds; a class without one has an empty row.
function Get-Row($Model, $Data, $Threshold, [string] $Way) {
    $labels = $Data.Test.Labels.ToArray()
    foreach ($class in $Data.ClassNames) {
        $chosen = $Threshold | Where-Object Class -EQ $class
        $match = @(if ($chosen) { $Model | Find-SlcMatch $class -Threshold $chosen.Threshold -Split Test })
        $hit = @($match | Where-Object IsTrue).Count
        $index = $Data.ClassNames.IndexOf($class)
        [pscustomobject] [ordered] @{
            Dataset             = $Data.Name
            Loss                = $Model.Loss
            Class               = $class
            Way                 = $Way
            Target              = $Precision
            ValidationSelected  = $chosen.Selected
            ValidationPrecision = $chosen.Precision
            ValidationRecall    = $chosen.Recall
            TestSelected        = if ($chosen) { $match.Count }
            TestPrecision       = if ($match) { $hit / $match.Count }
            TestRecall          = if ($chosen) { $hit / $labels.Where{ $_ -eq $index }.Count } else { 0 }
            Step                = $Model.Training.StepCount
            LearningRate        = $Model.LearningRate
            Seed                = $Model.Training.Seed
        }
    }
}

$data = Get-SlcDataset $Dataset
if (-not $Model) { $Model = $data | Start-SlcTraining $Loss -Step $Step -LearningRate $LearningRate -Seed $Seed }
$rows = foreach ($each in $Model) {
    # A class that nothing can be promised of is an error of its own, and the others go on.
    Get-Row $each $data ($each | Measure-SlcThreshold -Precision $Precision -ErrorAction SilentlyContinue) 'reached on validation'
    Get-Row $each $data ($each | Measure-SlcThreshold -Precision $Precision -Confidence $Confidence -ErrorAction SilentlyContinue) 'promised'
}

$rows | Group-Object Loss, Way | ForEach-Object {
    $kept = @($_.Group | Where-Object { $null -ne $_.TestPrecision })
    [pscustomobject] @{
        Loss       = $_.Group[0].Loss
        Threshold  = $_.Group[0].Way
        Classes    = $kept.Count
        Below      = @($kept | Where-Object TestPrecision -LT $Precision).Count
        Lowest     = '{0:F4}' -f ($kept.TestPrecision | Measure-Object -Minimum).Minimum
        Precision  = '{0:F4}' -f ($kept.TestPrecision | Measure-Object -Average).Average
        Recall     = '{0:F4}' -f ($_.Group.TestRecall | Measure-Object -Average).Average
    }
} | Format-Table | Out-Host

if ($OutFile) {
    $rows | Export-Csv "$OutFile.partial" -UseQuotes AsNeeded
    Move-Item "$OutFile.partial" $OutFile -Force
}
