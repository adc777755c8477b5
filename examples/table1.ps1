<#
.SYNOPSIS
    Repeats the paper's Table 1: trains with each loss as section 6 says, and prints our numbers beside the paper's.
.DESCRIPTION
    For every data set and loss the learning rate is chosen among 1, 0.1, 0.01 and 0.001 by the accuracy on the validation
    split, with runs of -SearchStep steps; then the model is trained for -Step steps with the rate that was chosen, once for
    each seed, and measured on the test split. All runs are trials of a sweep in a folder: started again, the script goes on
    where it was stopped, and what is done is not done again. Several of it, also on several machines that share the folder,
    work on one table together.

    What the paper leaves open, and what is chosen here (each is a parameter of Start-SlcSweep): batches of 128; SGD with
    momentum 0.9, no weight decay, a constant learning rate; a tenth of the training set for validation, stratified, the same
    for all seeds; pixels less their mean, divided by their deviation; alpha 0.1 (SelfNorm), gamma 1 (MaxMargin, BatchMaxMargin),
    t 5 and q uniform with the expectation taken exactly (NCE), nothing added inside the logarithm (BatchCE); a search with the
    first seed alone, of a tenth of the steps; of rates with equal accuracy that with the better average precision.
.PARAMETER Dataset
    The data sets: MNIST, SVHN, CIFAR10, CIFAR100, ImageNet; another name gets a table without the paper's numbers.
.PARAMETER Path
    The folder of the data set, where it is not found by its name; with one data set only.
.PARAMETER Loss
    The losses; all that the paper has for the data set where left out.
.PARAMETER Step
    The number of steps; the paper has 100,000 (ImageNet: 6,000,000).
.PARAMETER SearchStep
    The number of steps of the runs that the learning rate is chosen by; a tenth of -Step where left out.
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
    A CSV file for all numbers.
.PARAMETER WhatIf
    Lists what is left to do, with estimates of the time.
.EXAMPLE
    ./examples/table1.ps1 -Dataset MNIST -Quick

    The MNIST block in a few minutes.
.EXAMPLE
    ./examples/table1.ps1 -Dataset MNIST -Seed 0, 1, 2 -ThrottleLimit 2 -OutFile mnist.csv

    The MNIST block as in the paper, three times.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string[]] $Dataset = 'MNIST',
    [string] $Path,
    [string[]] $Loss,
    [ValidateRange(1, 100000000)] [int] $Step = 100000,
    [ValidateRange(0, 100000000)] [int] $SearchStep,
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

# From outside of PowerShell a list arrives as one text.
$Dataset, $Loss, $Seed = $Dataset, $Loss, $Seed | ForEach-Object { , @(if ($_) { $_ -split '\s*,\s*' }) }
[int[]] $seeds = $Seed

if ($Quick -and -not $PSBoundParameters.ContainsKey('Step')) { $Step = 2000 }
if (-not $SearchStep) { $SearchStep = [Math]::Max(1, [int] ($Step / 10)) }
$rates = 1, 0.1, 0.01, 0.001
$measures = [ordered] @{
    '1-AUPRC' = 'Auprc'; '1-Prec@0.9' = 'PrecisionAt90'; '1-Prec@0.99' = 'PrecisionAt99'; '1-Acc.' = 'Accuracy'
}
$paper = Import-Csv (Join-Path $PSScriptRoot 'table1-paper.csv')
$common = @{ Path = $SweepPath; ThrottleLimit = $ThrottleLimit; Device = $Device }

# The trial that is best by the measure, and of equals the one that is best by the other; a rate that diverged has neither.
function Select-Rate($Trials) {
    $order = $SelectBy -eq 'Accuracy' ? ('ValidationAccuracy', 'ValidationAuprc') : ('ValidationAuprc', 'ValidationAccuracy')
    $Trials | Where-Object State -EQ 'Done' | Sort-Object $order -Descending | Select-Object -First 1
}

# The runs that the rates are chosen by, and the choice for each loss, in the order of the paper's table.
function Search-Rate($Data, $Losses) {
    $trials = $Data | Start-SlcSweep $Losses -LearningRate $rates -Step $SearchStep -Seed $seeds[0] @common
    # A rate that is chosen among some of the runs would not be the one that is chosen among all.
    if ($trials | Where-Object State -NotIn 'Done', 'Failed') { throw "The search has not ended: it was stopped, or others are still at it. Start the script again to go on." }
    foreach ($name in (Get-SlcLoss).Name | Where-Object { $_ -in $trials.Loss }) {
        $best = Select-Rate ($trials | Where-Object Loss -EQ $name)
        if ($best) { $best } else { Write-Warning "No learning rate gave a model with $name." }
    }
}

# All that is left to do. Which rates the long trainings get is not known before the search; they take the same time with any.
function Show-Plan($Data, $Losses) {
    $Data | Start-SlcSweep $Losses -LearningRate $rates -Step $SearchStep -Seed $seeds[0] @common -WhatIf | Out-Host
    Write-Host "$Data, training: $Step steps, seed $($seeds -join ', '), each with the rate that is chosen (here 0.1 stands for it)"
    $Data | Start-SlcSweep $Losses -LearningRate 0.1 -Step $Step -Seed $seeds @common -WhatIf | Out-Host
}

function Format-Value($Statistic) {
    $text = '{0:f4}' -f (1 - $Statistic.Mean)
    if ($Statistic.Interval) { $text += ' ±{0:f4}' -f (($Statistic.Interval.Upper - $Statistic.Interval.Lower) / 2) }
    $text
}

# One line of the table: ours, the paper's, and ours less the paper's, for each measure.
function Format-Row($Summary, $Expected) {
    $row = [ordered] @{ Method = $Summary.Loss + $(if ($Summary.Score -eq 'AllLogits') { ', all logits' }) }
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
    $columns = @('Method') + @(foreach ($title in $measures.Keys) {
            foreach ($part in @('', $title), @('Paper ', 'paper'), @('Difference ', 'diff.')) {
                $property = $part[0] + $title
                if ($Rows[0].PSObject.Properties[$property]) {
                    @{ Label = $part[1]; Expression = { $_.$property }.GetNewClosure(); Align = 'Right' }
                }
            }
        })
    $Rows | Format-Table $columns -AutoSize | Out-String -Width 240 | Out-Host
}

function Get-Record($Trial) {
    foreach ($metric in $Trial.Metrics) {
        $expected = $paper | Where-Object { $_.Dataset -eq $Trial.Dataset -and $_.Loss -eq $metric.Loss -and $_.Score -eq $metric.Score }
        $record = [ordered] @{
            Dataset = $Trial.Dataset; Loss = $metric.Loss; Score = $metric.Score; LearningRate = $Trial.LearningRate
            Step = $Trial.Step; SearchStep = $SearchStep; Seed = $Trial.Seed
        }
        foreach ($title in $measures.Keys) { $record[$measures[$title]] = $metric.($measures[$title]) }
        foreach ($title in $measures.Keys) { $record["Paper $title"] = $expected.$title }
        $record.ValidationAccuracy = $Trial.ValidationAccuracy
        $record.ThreadCount = $Trial.ThreadCount
        $record.Seconds = $Trial.Duration.TotalSeconds
        [pscustomobject] $record
    }
}

$records = foreach ($name in $Dataset) {
    $source = @{ Name = $name }
    if ($Path) { $source.Path = $Path }
    $data = Get-SlcDataset @source
    $block = $paper | Where-Object Dataset -EQ $data.Name
    $losses = if ($Loss.Count) { $Loss } elseif ($block) { $block.Loss | Select-Object -Unique } else { '*' }

    Write-Host "$data, search: $SearchStep steps with learning rates $($rates -join ', '), seed $($seeds[0])"
    if ($WhatIfPreference) {
        Show-Plan $data $losses
        continue
    }

    $chosen = Search-Rate $data $losses
    $chosen | Format-Table | Out-Host
    Write-Host "$data, training: $Step steps, seed $($seeds -join ', ')"
    $trials = @(foreach ($choice in $chosen) {
            $data | Start-SlcSweep $choice.Loss -LearningRate $choice.LearningRate -Step $Step -Seed $seeds -Path $SweepPath -CreateOnly
        }) | Resume-SlcSweep -ThrottleLimit $ThrottleLimit -Device $Device
    # In the table's order, whichever ended first.
    $trials = foreach ($choice in $chosen) { $trials | Where-Object Loss -EQ $choice.Loss | Sort-Object Seed }
    $summaries = ($trials | Where-Object State -EQ 'Done').Metrics | Measure-SlcSummary
    $rows = @(foreach ($summary in $summaries | Sort-Object { $_.Score -eq 'AllLogits' } -Stable) {
        Format-Row $summary ($block | Where-Object { $_.Loss -eq $summary.Loss -and $_.Score -eq $summary.Score })
        })
    Write-Host "`n$($data.Name): one minus each measure after $Step steps; the paper's Table 1; and ours less the paper's"
    Show-Table $rows
    $trials | ForEach-Object { Get-Record $_ }
}

if ($OutFile -and $records) {
    $records | Export-Csv "$OutFile.partial" -UseQuotes AsNeeded
    Move-Item "$OutFile.partial" $OutFile -Force
}
