<#
.SYNOPSIS
    What one logit costs against the number of classes, beside all logits and the alternatives for one class's probability.
.DESCRIPTION
    For each number of features, with caches warm (the same class again) and cold (caches filled with other memory before each call): the median
    time of one logit, ten logits, all, softmax, hierarchical softmax over a balanced and a Huffman tree, adaptive and differentiated softmax. One
    logit is measured first and for all numbers of classes in a row; then the largest of its times over the least shows how flat it is. Weights are
    drawn at random, one head in memory at a time: that of 1,000,000 classes and 2048 features takes 7.7 GiB.
    Anything else that runs on the machine spoils the numbers.
.PARAMETER ClassCount
    The numbers of classes.
.PARAMETER FeatureCount
    The numbers of features.
.PARAMETER BatchSize
    The numbers of examples of a call.
.PARAMETER Method
    What is measured beside one logit.
.PARAMETER Draw
    Whether classes are asked for alike (Uniform), or as often as they occur by Zipf's law (Frequency).
.PARAMETER Repetition
    The number of rounds that each median is taken over.
.PARAMETER TimeLimit
    After so many seconds a measurement begins no further round.
.PARAMETER OutFile
    A CSV file for all numbers.
.PARAMETER PlotFile
    A picture, .png or .svg.
.EXAMPLE
    ./examples/latency.ps1 -ClassCount 10, 1000 -FeatureCount 500 -Repetition 11

    Some seconds.
.EXAMPLE
    ./examples/latency.ps1 -OutFile latency.csv -PlotFile latency.svg

    Up to 1,000,000 classes: some minutes.
#>
[CmdletBinding()]
param(
    [string[]] $ClassCount = (10, 1000, 100000, 1000000),
    [string[]] $FeatureCount = (500, 2048),
    [string[]] $BatchSize = 1,
    [string[]] $Method = ('SomeLogits', 'AllLogits', 'Softmax', 'BalancedTree', 'HuffmanTree', 'AdaptiveSoftmax', 'DifferentiatedSoftmax'),
    [ValidateSet('Uniform', 'Frequency')]
    [string] $Draw = 'Uniform',
    [int] $Repetition = 101,
    [double] $TimeLimit = 10,
    [string] $OutFile,
    [string] $PlotFile
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../LogitSeparation.psd1')

# From outside of PowerShell a list arrives as one text.
$ClassCount, $FeatureCount, $BatchSize, $Method = $ClassCount, $FeatureCount, $BatchSize, $Method | ForEach-Object { , @($_ -split '\s*,\s*') }

$size = @{
    ClassCount   = [int[]] $ClassCount
    FeatureCount = [int[]] $FeatureCount
    BatchSize    = [int[]] $BatchSize
    Draw         = $Draw
    Repetition   = $Repetition
    TimeLimit    = $TimeLimit
}
# What a process measures first is slower than the rest, since much of it is still being compiled.
$null = Measure-SlcLatency OneLogit -ClassCount 1000 -Repetition $Repetition -TimeLimit 3
$rows = @(Measure-SlcLatency OneLogit @size) + @(Measure-SlcLatency $Method @size)

function Format-Time($Measure) {
    if ($null -eq $Measure.Nanoseconds) { return '-' }
    $time, $unit = $Measure.Nanoseconds, 'ns'
    foreach ($next in 'µs', 'ms', 's') {
        if ($time -lt 1000) { break }
        $time, $unit = ($time / 1000), $next
    }
    '{0:g3} {1}' -f $time, $unit
}

foreach ($group in $rows | Group-Object FeatureCount, BatchSize, Memory) {
    $first = $group.Group[0]
    "$($first.FeatureCount) features, batch $($first.BatchSize), caches $("$($first.Memory)".ToLower()):"
    $group.Group | Group-Object Method | ForEach-Object {
        $line = [ordered]@{ Method = $_.Name }
        foreach ($measure in $_.Group) { $line["$($measure.ClassCount)"] = Format-Time $measure }
        $times = $_.Group.Nanoseconds | Where-Object { $null -ne $_ } | Measure-Object -Minimum -Maximum
        $line['Max/Min'] = if ($times.Count) { '{0:f2}' -f ($times.Maximum / $times.Minimum) }
        [pscustomobject] $line
    } | Format-Table | Out-String -Width 100
}

if ($OutFile) {
    $rows | Export-Csv "$OutFile.partial" -UseQuotes AsNeeded
    Move-Item "$OutFile.partial" $OutFile -Force
}
if ($PlotFile) { $rows | Export-SlcPlot $PlotFile -Width 1280 -Height 900 }
