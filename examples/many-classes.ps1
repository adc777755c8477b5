<#
.SYNOPSIS
    Trains a classifier of very many classes by sampled NCE, sampled binary CE (with and without a prior), batch CE and CE for the same
    time each, and compares how much one logit alone says.
.DESCRIPTION
    The classes are Gaussian clouds on a sphere (Get-SlcDataset Synthetic). A step with sampled classes touches only the rows of the
    head that it needs, so its time does not grow with the number of classes, and very many of them fit into the time that the other
    losses need for one. Batch CE and CE compute all logits, in blocks of classes, and never hold them whole.
    The number of steps that fits into the time is found by short trainings before. Each loss has a batch size of its own, since losses
    over all classes pay for the head at each step, and a learning rate of its own. The rates are for those batch sizes.
.PARAMETER ClassCount
    The number of classes.
.PARAMETER Dimension
    The number of features.
.PARAMETER HiddenUnit
    The units of the hidden layer, which the head sees.
.PARAMETER Second
    How long to train with each loss.
.PARAMETER SampleCount
    The number of noise classes that NCE draws for each example, and that of false classes that both binary CEs draw.
.PARAMETER TestCount
    The number of test examples; each has a logit of each class.
.PARAMETER Seed
    Decides classes, examples, initial weights and batches.
.PARAMETER OutFile
    A CSV file for all numbers, one line a loss.
.EXAMPLE
    ./examples/many-classes.ps1 -ClassCount 1000 -Second 5

    A thousand classes, half a minute.
.EXAMPLE
    ./examples/many-classes.ps1 -OutFile many-classes.csv

    A hundred thousand classes in 64 dimensions, two minutes of training a loss; finding the number of steps and measuring a
    thousand million logits take about as long again.
#>
[CmdletBinding()]
param(
    [ValidateRange(2, 16777216)] [int] $ClassCount = 100000,
    [ValidateRange(2, 1048576)] [int] $Dimension = 64,
    [ValidateRange(1, 65536)] [int] $HiddenUnit = 128,
    [ValidateRange(0.1, 1000000)] [double] $Second = 120,
    [ValidateRange(1, 100000)] [int] $SampleCount = 20,
    [ValidateRange(1, 100000000)] [int] $TestCount = 10000,
    [int] $Seed,
    [string] $OutFile
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../LogitSeparation.psd1')

$sampled, $whole = 128, 512
$trainings = @(
    @{ Loss = 'NCE'; BatchSize = $sampled; LearningRate = 0.3; NoiseSampling = 'Sampled'; NoiseCount = $SampleCount }
    @{ Loss = 'BinaryCE'; BatchSize = $sampled; LearningRate = 0.01; NegativeCount = $SampleCount }
    @{ Loss = 'PriorBCE'; BatchSize = $sampled; LearningRate = 1; NegativeCount = $SampleCount }
    @{ Loss = 'BatchCE'; BatchSize = $whole; LearningRate = 0.6 }
    @{ Loss = 'CE'; BatchSize = $whole; LearningRate = 2 }
)

$data = Get-SlcDataset Synthetic -ClassCount $ClassCount -Dimension $Dimension -TestCount $TestCount -ValidationCount 0 -Seed $Seed

# Only the last step is measured: to measure a head of so many classes takes as long as many steps.
function Start-Training($Training, [int] $Step) {
    Start-SlcTraining -Dataset $data @Training -HiddenUnit $HiddenUnit -Seed $Seed -Step $Step -HistoryInterval $Step
}

# The steps that fit into the time. What a training takes before its first step is told from what its steps take.
function Get-FittingStep($Training) {
    $step = 1
    $first = (Start-Training $Training $step).Duration.TotalSeconds
    do {
        $step *= 4
        $seconds = (Start-Training $Training $step).Duration.TotalSeconds
    } while ($seconds - $first -lt $Second / 20)
    $each = ($seconds - $first) / ($step - 1)
    [Math]::Max(1, [int] (($Second - $first) / $each + 1))
}

$rows = foreach ($training in $trainings) {
    Write-Progress "$ClassCount classes" -Status "$($training.Loss): how many steps fit into $Second seconds"
    $step = Get-FittingStep $training
    Write-Progress "$ClassCount classes" -Status "$($training.Loss): $step steps"
    $model = Start-Training $training $step
    Write-Progress "$ClassCount classes" -Status "$($training.Loss): measuring $TestCount x $ClassCount logits"
    $metrics = $model | Measure-SlcMetrics -AllLogits:($training.Loss -eq 'CE')
    foreach ($metric in $metrics) {
        [pscustomobject] @{
            Loss          = $training.Loss
            Score         = $metric.Score
            ClassCount    = $ClassCount
            SampleCount   = if ($training.BatchSize -eq $sampled) { $SampleCount } else { $null }
            BatchSize     = $training.BatchSize
            LearningRate  = $training.LearningRate
            Step          = $step
            Seconds       = [Math]::Round($model.Duration.TotalSeconds, 1)
            Auprc         = $metric.Auprc
            PrecisionAt90 = $metric.PrecisionAt90
            PrecisionAt99 = $metric.PrecisionAt99
            Accuracy      = $metric.Accuracy
        }
    }
}

$rows | Format-Table Loss, Score, BatchSize, Step, Seconds, @{ Name = '1-AUPRC'; Expression = { '{0:F4}' -f (1 - $_.Auprc) } },
    @{ Name = '1-Acc.'; Expression = { '{0:F4}' -f (1 - $_.Accuracy) } } | Out-Host

if ($OutFile) {
    $rows | Export-Csv "$OutFile.partial" -UseQuotes AsNeeded
    Move-Item "$OutFile.partial" $OutFile -Force
}
