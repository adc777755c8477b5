<#
.SYNOPSIS
    Repeats the paper's Table 1: trains with each loss as section 6 says, and prints our numbers beside the paper's.
.DESCRIPTION
    For every data set and loss the learning rate is chosen among 1, 0.1, 0.01 and 0.001 by the accuracy on the validation
    split, with runs of -SearchStep steps; then the model is trained for -Step steps with the rate that was chosen, once for
    each seed, and measured on the test split. All runs are trials of a sweep in a folder: started again, the script goes on
    where it was stopped, and what is done is not done again. Several of it, also on several machines that share the folder,
    work on one table together. A table is printed, and written, of whole blocks only: of a sweep that was stopped there is none.

    What the paper leaves open, and what is chosen here (-BatchSize, -ValidationCount and -Parameter choose otherwise): batches of 128; SGD
    with momentum 0.9, no weight decay, a constant learning rate; a tenth of the training set for validation, stratified, the same
    for all seeds; pixels less their mean, divided by their deviation; alpha 0.1 (SelfNorm), gamma 1 (MaxMargin, BatchMaxMargin),
    t 5 and q uniform with the expectation taken exactly (NCE), nothing added inside the logarithm (BatchCE); a search with the
    first seed alone, of a tenth of the steps; of rates with equal accuracy that with the better average precision.

    On ImageNet the paper took the hyperparameters of TensorFlow's Inception as they came, without a search, and 6,000,000 steps. Here it
    is trained as the other sets are: with the search, SGD at a constant rate, no dropout, and pictures cropped but not mirrored
    (-Parameter @{ Augmentation = 'Flip' } does that).
.PARAMETER Dataset
    The data sets: MNIST, SVHN, CIFAR10, CIFAR100, ImageNet; another name gets a table without the paper's numbers.
.PARAMETER Path
    The folder or file of the data set, where it is not found by its name; with one data set only.
.PARAMETER ValidationCount
    The number of training examples for validation; a tenth where left out.
.PARAMETER Loss
    The losses; all that the paper has for the data set where left out.
.PARAMETER Step
    The number of steps; where left out the paper's: 100,000, for ImageNet 6,000,000.
.PARAMETER SearchStep
    The number of steps of the runs that the learning rate is chosen by; a tenth of -Step where left out.
.PARAMETER BatchSize
    The number of examples of a batch, which the paper does not say.
.PARAMETER Parameter
    Other parameters of Start-SlcSweep -Parameter, one value each, e.g. @{ Alpha = 0.01; Schedule = 'Cosine' }.
.PARAMETER SelectBy
    The measure on the validation split that a learning rate is chosen by: Accuracy as in the paper, or Auprc.
.PARAMETER Seed
    The seeds; over several, the mean and its 95% interval are printed.
.PARAMETER Quick
    2000 steps, to see that all works: minutes for MNIST, and numbers that are not the paper's.
.PARAMETER SweepPath
    The folder of the trials.
.PARAMETER ThrottleLimit
    The number of processes to run trials in; 0 to run them in this one.
.PARAMETER Device
    Where to train.
.PARAMETER OutFile
    A CSV file for all numbers, written after each data set.
.PARAMETER WhatIf
    Lists what is left to do, with estimates of the time.
.EXAMPLE
    ./examples/table1.ps1 -Dataset MNIST -Quick

    The MNIST block in a few minutes.
.EXAMPLE
    ./examples/table1.ps1 -Dataset MNIST -Seed 0, 1, 2 -ThrottleLimit 2 -OutFile mnist.csv

    The MNIST block as in the paper, three times.
.EXAMPLE
    ./examples/table1.ps1 -Dataset CIFAR10 -Path cifar-10-binary.tar.gz -Loss CE, BatchCE -BatchSize 32 -Step 2000

    A cell or two of another block, shorter.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string[]] $Dataset = 'MNIST',
    [string] $Path,
    [ValidateRange(0, 100000000)] [int] $ValidationCount,
    [string[]] $Loss,
    [ValidateRange(1, 100000000)] [int] $Step,
    [ValidateRange(1, 100000000)] [int] $SearchStep,
    [ValidateRange(2, 1000000)] [int] $BatchSize = 128,
    [hashtable] $Parameter = @{},
    [ValidateSet('Accuracy', 'Auprc')] [string] $SelectBy = 'Accuracy',
    [string[]] $Seed = 0,
    [switch] $Quick,
    [string] $SweepPath = 'table1',
    [ValidateRange(0, 1024)] [int] $ThrottleLimit,
    [string] $Device = 'cpu',
    [string] $OutFile
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../LogitSeparation.psd1')
. (Join-Path $PSScriptRoot 'Complete-Trial.ps1')

# From outside of PowerShell a list arrives as one text.
$Dataset, $Loss, $Seed = $Dataset, $Loss, $Seed | ForEach-Object { , @(if ($_) { $_ -split '\s*,\s*' }) }
[int[]] $seeds = $Seed

if ($Path -and $Dataset.Count -gt 1) { throw "-Path is of one data set, and -Dataset names $($Dataset.Count): give one, or leave -Path out." }

$rates = 1, 0.1, 0.01, 0.001
$measures = [ordered] @{
    '1-AUPRC' = 'Auprc'; '1-Prec@0.9' = 'PrecisionAt90'; '1-Prec@0.99' = 'PrecisionAt99'; '1-Acc.' = 'Accuracy'
}
$paper = Import-Csv (Join-Path $PSScriptRoot 'table1-paper.csv')
$runner = @{ ThrottleLimit = $ThrottleLimit; Device = $Device }
$common = @{ Path = $SweepPath; BatchSize = $BatchSize; Parameter = $Parameter }

function Get-PaperStep($Data) { $Data.Name -eq 'ImageNet' ? 6000000 : 100000 }

function Get-StepCount($Data) {
    if ($Step) { $Step } elseif ($Quick) { 2000 } else { Get-PaperStep $Data }
}

# The trial that is best by the measure, and of equals the one that is best by the other; a rate that diverged has neither.
function Select-Rate($Trials) {
    $order = $SelectBy -eq 'Accuracy' ? ('ValidationAccuracy', 'ValidationAuprc') : ('ValidationAuprc', 'ValidationAccuracy')
    $Trials | Where-Object State -EQ 'Done' | Sort-Object $order -Descending | Select-Object -First 1
}

# The runs that the rates are chosen by, and the choice for each loss, in the order of the paper's table.
function Search-Rate($Data, $Losses, [int] $Steps) {
    $trials = Complete-Trial @runner ($Data | Start-SlcSweep $Losses -LearningRate $rates -Step $Steps -Seed $seeds[0] @common -CreateOnly)
    foreach ($name in (Get-SlcLoss).Name | Where-Object { $_ -in $trials.Loss }) {
        $best = Select-Rate ($trials | Where-Object Loss -EQ $name)
        if ($best) { $best } else { Write-Warning "No learning rate gave a model with $name." }
    }
}

# All that is left to do. Which rates the long trainings get is not known before the search; they take the same time with any.
function Show-Plan($Data, $Losses, [int] $Steps, [int] $SearchSteps) {
    $Data | Start-SlcSweep $Losses -LearningRate $rates -Step $SearchSteps -Seed $seeds[0] @common @runner -WhatIf | Out-Host
    Write-Host "$Data, training: $Steps steps, seed $($seeds -join ', '), each with the rate that is chosen (here 0.1 stands for it)"
    $Data | Start-SlcSweep $Losses -LearningRate 0.1 -Step $Steps -Seed $seeds @common @runner -WhatIf | Out-Host
}

function Format-Value($Statistic) {
    $text = '{0:f4}' -f (1 - $Statistic.Mean)
    if ($Statistic.Interval) { $text += ' ±{0:f4}' -f (($Statistic.Interval.Upper - $Statistic.Interval.Lower) / 2) }
    $text
}

# One line of the table: ours, the paper's, and ours less the paper's, for each measure.
function Format-Row($Summary, $Expected, $Rate) {
    $row = [ordered] @{ Method = $Summary.Loss + $(if ($Summary.Score -eq 'AllLogits') { ', all logits' }); Rate = "$Rate"; Runs = $Summary.RunCount }
    foreach ($title in $measures.Keys) {
        $statistic = $Summary.Statistic[$measures[$title]]
        $row[$title] = Format-Value $statistic
        if ($Expected) {
            $row["Paper $title"] = $Expected.$title
            $row["Difference $title"] = '{0:+0.0000;-0.0000}' -f (1 - $statistic.Mean - [double] $Expected.$title)
        }
    }
    [pscustomobject] $row
}

# Four times three narrow columns fit into a terminal only where their titles are short.
function Show-Table($Rows) {
    $columns = 'Method', 'Rate', 'Runs' + @(foreach ($title in $measures.Keys) {
            foreach ($part in @('', $title), @('Paper ', 'paper'), @('Difference ', 'diff.')) {
                $property = $part[0] + $title
                if ($Rows[0].PSObject.Properties[$property]) {
                    @{ Label = $part[1]; Expression = { $_.$property }.GetNewClosure(); Align = 'Right' }
                }
            }
        })
    $Rows | Format-Table $columns -AutoSize | Out-String -Width 240 | Out-Host
}

function Get-Record($Trial, [int] $SearchSteps) {
    foreach ($metric in $Trial.Metrics) {
        $expected = $paper | Where-Object { $_.Dataset -eq $Trial.Dataset -and $_.Loss -eq $metric.Loss -and $_.Score -eq $metric.Score }
        $record = [ordered] @{
            Dataset = $Trial.Dataset; Loss = $metric.Loss; Score = $metric.Score; LearningRate = $Trial.LearningRate
            BatchSize = $BatchSize; Step = $Trial.Step; SearchStep = $SearchSteps; Seed = $Trial.Seed
        }
        foreach ($title in $measures.Keys) { $record[$measures[$title]] = $metric.($measures[$title]) }
        foreach ($title in $measures.Keys) { $record["Paper $title"] = $expected.$title }
        $record.ValidationAccuracy = $Trial.ValidationAccuracy
        $record.ThreadCount = $Trial.ThreadCount
        $record.Seconds = $Trial.Duration.TotalSeconds
        [pscustomobject] $record
    }
}

# One block of the table: search, training, and what came out.
function Get-Block($Data) {
    $steps = Get-StepCount $Data
    $searchSteps = $SearchStep ? $SearchStep : [Math]::Max(1, [int] ($steps / 10))
    $block = $paper | Where-Object Dataset -EQ $Data.Name
    $losses = if ($Loss.Count) { $Loss } elseif ($block) { $block.Loss | Select-Object -Unique } else { '*' }

    Write-Host "$Data, search: $searchSteps steps with learning rates $($rates -join ', '), seed $($seeds[0])"
    if ($WhatIfPreference) { return Show-Plan $Data $losses $steps $searchSteps }

    $chosen = @(Search-Rate $Data $losses $searchSteps)
    if (-not $chosen) { throw "No model could be trained on $Data`: the warnings say why." }
    $chosen | Format-Table | Out-Host
    Write-Host "$Data, training: $steps steps, seed $($seeds -join ', ')"
    $trials = Complete-Trial @runner @(foreach ($choice in $chosen) {
            $Data | Start-SlcSweep $choice.Loss -LearningRate $choice.LearningRate -Step $steps -Seed $seeds @common -CreateOnly
        })
    # In the table's order, whichever ended first.
    $trials = @(foreach ($choice in $chosen) { $trials | Where-Object Loss -EQ $choice.Loss | Where-Object State -EQ 'Done' | Sort-Object Seed })
    if (-not $trials) { throw "No model could be trained on $Data`: the warnings say why." }
    $rows = @(foreach ($summary in $trials.Metrics | Measure-SlcSummary | Sort-Object { $_.Score -eq 'AllLogits' } -Stable) {
            Format-Row $summary ($block | Where-Object { $_.Loss -eq $summary.Loss -and $_.Score -eq $summary.Score }) (
                $chosen | Where-Object Loss -EQ $summary.Loss).LearningRate
        })
    $others = $block ? "; the paper's Table 1; and ours less the paper's" : ', a data set that the paper does not have'
    Write-Host "`n$($Data.Name): one minus each measure after $steps steps$others"
    if ($block -and $steps -ne (Get-PaperStep $Data)) { Write-Warning "The paper's numbers are after $(Get-PaperStep $Data) steps." }
    Show-Table $rows
    $trials | ForEach-Object { Get-Record $_ $searchSteps }
}

# All are opened before the first is trained on: a name that is wrong should not be found out hours later.
$all = @(foreach ($name in $Dataset) {
        $source = @{ Name = $name }
        if ($Path) { $source.Path = $Path }
        if ($PSBoundParameters.ContainsKey('ValidationCount')) { $source.ValidationCount = $ValidationCount }
        Get-SlcDataset @source
    })

$records = @()
foreach ($data in $all) {
    $records += @(Get-Block $data)
    if ($OutFile -and $records) {
        $records | Export-Csv "$OutFile.partial" -UseQuotes AsNeeded
        Move-Item "$OutFile.partial" $OutFile -Force
    }
}
