<#
.SYNOPSIS
    Single logit classification on real data: seven losses, what each makes of single logits, and a search for one class.
.DESCRIPTION
    Trains the paper's network on 1213 handwritten digits with each of the seven losses, from the same initial weights and on
    the same batches; compares how well one logit alone finds its class; and looks for one digit among 450 test images by
    its logit. Takes less than a minute on two cores, and needs neither a GPU nor a download.
.PARAMETER Step
    The number of steps of each training.
.PARAMETER Class
    The digit to look for.
.EXAMPLE
    ./examples/quickstart.ps1 -Class 3

    Looks for threes.
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 1000000)] [int] $Step = 500,
    [ValidateSet('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')] [string] $Class = '8'
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../LogitSeparation.psd1')

# The data set that the module carries in itself, and a model for each loss.
$data = Get-SlcDataset Digits
$models = $data | Start-SlcTraining -Loss * -Step $Step | ForEach-Object {
    Write-Host ('trained with {0,-15} in {1,4:f1} s' -f $_.Loss, $_.Duration.TotalSeconds)
    $_
}

Write-Host "`nHow badly does one logit alone tell its class from the others? (0 is perfect)" -NoNewline
$metrics = $models | Measure-SlcMetrics -AllLogits
$metrics | Format-Table | Out-Host

Write-Host 'Does every true logit lie above every false one? (the Principle of Logit Separation)' -NoNewline
$models | Test-SlcSeparation | Format-Table | Out-Host

# The aligned loss that does best, and the threshold for one class from examples that are not tested on.
$aligned = (Get-SlcLoss | Where-Object Aligned).Name
$single = $metrics | Where-Object Score -EQ 'SingleLogit'
$best = $single | Where-Object Loss -In $aligned | Sort-Object Auprc -Descending | Select-Object -First 1
$model = $models | Where-Object Loss -EQ $best.Loss
$threshold = $model | Measure-SlcThreshold -Class $Class
$found = @($threshold | Find-SlcMatch -Model $model)

Write-Host "The surest of $($found.Count) test images that the logit of '$Class' alone picks out, with $($best.Loss):" -NoNewline
$found | Sort-Object Logit -Descending -Top 5 | Format-Table | Out-Host

# What the numbers say.
$common = $single | Where-Object Loss -EQ 'CE'
$right = @($found | Where-Object IsTrue).Count
$there = $data.Test.CountClasses()[[int] $Class]
$verdict = $best.Auprc -gt $common.Auprc ? 'less' : 'no less'
$sentence = "What you have just seen: CE and {0} get {1:p1} and {2:p1} of the test digits right by all ten logits, but by one " +
    "logit alone {0} goes wrong {3} (1-AUPRC {4:f3} against {5:f3}), and its logit for '{6}' by itself found {7} of {8} of " +
    'them with {9} false alarms.'
Write-Host ($sentence -f $best.Loss, $common.Accuracy, $best.Accuracy, $verdict, (1 - $best.Auprc), (1 - $common.Auprc), $Class,
    $right, $there, ($found.Count - $right))
