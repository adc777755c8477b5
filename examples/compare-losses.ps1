<#
.SYNOPSIS
Trains with all seven losses of the paper, for several seeds, and compares how much one logit alone says.

.DESCRIPTION
For each seed the data set is split, one model a loss is trained from the same initial weights on the same batches, and the
test split is measured as in the paper's Table 1, with the row that uses all logits of CE. Prints each seed's table and the
mean over the seeds, and writes every number to a CSV file where -OutFile names one.

.EXAMPLE
./examples/compare-losses.ps1 -Dataset Digits -Step 500 -Seed 0, 1

A few seconds on the data set that comes with the module.

.EXAMPLE
./examples/compare-losses.ps1 -Dataset MNIST -Step 10000 -OutFile mnist.csv

The paper's MLP on MNIST, three seeds: some twenty minutes on two cores.
#>
param(
    [string] $Dataset = 'MNIST',
    [string] $Path,
    [int[]] $Seed = (0, 1, 2),
    [int] $Step = 10000,
    [double[]] $LearningRate = 0.03,
    [string] $OutFile
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../LogitSeparation.psd1')

$source = @{ Name = $Dataset }
if ($Path) { $source.Path = $Path }

$rows = foreach ($current in $Seed) {
    $metrics = Get-SlcDataset @source -Seed $current |
        Start-SlcTraining -Loss * -Step $Step -LearningRate $LearningRate -Seed $current |
        Measure-SlcMetrics -AllLogits
    Write-Host "Seed $current"
    $metrics | Out-Host
    foreach ($metric in $metrics) {
        [pscustomobject]@{
            Dataset        = $metric.Dataset
            Step           = $Step
            Seed           = $current
            Loss           = $metric.Loss
            Score          = $metric.Score
            Auprc          = $metric.Auprc
            PrecisionAt90  = $metric.PrecisionAt90
            PrecisionAt99  = $metric.PrecisionAt99
            Accuracy       = $metric.Accuracy
        }
    }
}

$rows | Group-Object Loss, Score | ForEach-Object {
    $group = $_.Group
    $mean = { param($property) 1 - ($group | Measure-Object $property -Average).Average }
    [pscustomobject]@{
        Loss            = $group[0].Loss + $(if ($group[0].Score -eq 'AllLogits') { ', all logits' })
        '1-AUPRC'       = '{0:F4}' -f (& $mean Auprc)
        '1-Prec@0.9'    = '{0:F4}' -f (& $mean PrecisionAt90)
        '1-Prec@0.99'   = '{0:F4}' -f (& $mean PrecisionAt99)
        '1-Acc.'        = '{0:F4}' -f (& $mean Accuracy)
    }
} | Format-Table | Out-Host

if ($OutFile) {
    $rows | Export-Csv "$OutFile.partial" -UseQuotes AsNeeded
    Move-Item "$OutFile.partial" $OutFile -Force
}
