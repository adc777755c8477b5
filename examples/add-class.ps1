<#
.SYNOPSIS
    Adds a class to a trained model by one row of its head, and compares it with a whole head trained anew with the class.
.DESCRIPTION
    A network learns all classes of a data set but some. Then each of these is added in two ways: Add-SlcClass fits one
    row from a few examples, the rest untouched; and a whole head (Start-SlcTraining -Network Linear) is trained anew with the same loss on the
    same trunk's features of all other training examples and of as many of the class. For both: precision and recall on the test split of the
    class's logit above the threshold of best F1 on the validation split. Repeated for several classes, which the network never saw.
.PARAMETER Dataset
    Data sets, by name or from Get-SlcDataset; Digits where none is given, and no Omniglot.
.PARAMETER OmniglotPath
    The zip file of Omniglot, or a folder with its alphabets and characters.
.PARAMETER HeldOut
    The number of examples a class that are held out for the threshold.
.PARAMETER ClassCount
    The number of classes that are held back, one after the other, evenly spread.
.PARAMETER ExampleCount
    The numbers of examples of the new class.
.PARAMETER Step
    The number of steps of the training of each network.
.PARAMETER HeadStep
    The number of steps of the training of each whole head.
.PARAMETER HeadLearningRate
    The learning rate of each whole head: hundreds of features that are not negative want a smaller one than a network of layers.
.PARAMETER Seed
    The seed.
.PARAMETER OutFile
    A CSV file for all numbers.
.EXAMPLE
    ./examples/add-class.ps1 -OmniglotPath ./images_background_small1.zip -Dataset (Get-SlcDataset CIFAR100 -ValidationCount 0) -OutFile add-class.csv
#>
[CmdletBinding()]
param(
    [object[]] $Dataset,
    [string] $OmniglotPath,
    [ValidateRange(1, 100000)] [int] $HeldOut = 3,
    [ValidateRange(1, 1000)] [int] $ClassCount = 10,
    [object[]] $ExampleCount = (1, 5),
    [ValidateRange(1, 100000000)] [int] $Step = 1500,
    [ValidateRange(1, 100000000)] [int] $HeadStep = 1500,
    [double] $HeadLearningRate = 0.003,
    [int] $Seed,
    [string] $OutFile
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../LogitSeparation.psd1')

# From outside of PowerShell a list arrives as one text.
$ExampleCount = $ExampleCount | ForEach-Object { "$_" -split '\s*,\s*' } | ForEach-Object { [int] $_ }

$scratch = Join-Path ([IO.Path]::GetTempPath()) "add-class-$PID"
$null = New-Item -ItemType Directory $scratch

# Rows of bytes as a .npy file.
function Write-Array([string] $Path, [string] $Type, [int[]] $Shape, [byte[]] $Bytes) {
    $text = "{'descr': '$Type', 'fortran_order': False, 'shape': ($($Shape -join ', '),), }"
    $text = $text.PadRight(117) + "`n"
    $stream = [IO.File]::Create($Path)
    try {
        $stream.Write([byte[]] (0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, $text.Length, 0))
        $stream.Write([Text.Encoding]::ASCII.GetBytes($text))
        $stream.Write($Bytes)
    } finally { $stream.Dispose() }
}

# Some examples of a split, by the names of their classes, as a pair of .npy files; labels are the classes' numbers, or names that are numbers.
function Write-Part([string] $Name, $Data, [string] $Split, [int[]] $Index, [switch] $Numbered) {
    $part, $labels = $Data.$Split, $Data.$Split.Labels.ToArray()
    $size = $part.ExampleLength * 4
    $bytes, $numbers = [byte[]]::new($Index.Count * $size), [byte[]]::new($Index.Count * 8)
    for ($i = 0; $i -lt $Index.Count; $i++) {
        [Buffer]::BlockCopy($part.Example($Index[$i]), 0, $bytes, $i * $size, $size)
        $label = $labels[$Index[$i]]
        [BitConverter]::GetBytes([long] $(if ($Numbered) { $label } else { $Data.ClassNames[$label] })).CopyTo($numbers, 8 * $i)
    }
    Write-Array "$scratch/$($Name)_features.npy" '<f4' (@($Index.Count) + $Data.ExampleShape) $bytes
    Write-Array "$scratch/$($Name)_labels.npy" '<i8' @($Index.Count) $numbers
    "$scratch/$($Name)_features.npy"
}

function Get-Index($Data, [string] $Split, [int[]] $Without) {
    $labels = $Data.$Split.Labels.ToArray()
    , [int[]] @(for ($i = 0; $i -lt $labels.Count; $i++) { if ($labels[$i] -notin $Without) { $i } })
}

# All training examples but those of the class beyond the first few.
function Get-FewIndex($Data, [int] $Class, [int] $Count) {
    $labels = $Data.Train.Labels.ToArray()
    $taken = 0
    , [int[]] @(for ($i = 0; $i -lt $labels.Count; $i++) { if ($labels[$i] -ne $Class -or $taken++ -lt $Count) { $i } })
}

function New-Row($Data, $Class, $Count, $Way, $Selected, $Hit, $Positives, $Seconds) {
    [pscustomobject] @{
        Dataset = $Data.Name; Class = $Data.ClassNames[$Class]; Examples = $Count; Way = $Way
        Precision = if ($Selected) { $Hit / $Selected } else { 1 }
        Recall = $Hit / $Positives; TestPositives = $Positives; Seconds = [Math]::Round($Seconds, 2)
    }
}

function Compare-Addition($Data) {
    $k = $Data.ClassCount
    $held = [int[]] @(0..($ClassCount - 1) | ForEach-Object { [Math]::Floor(($_ + 0.5) * $k / $ClassCount) })
    $train = Write-Part base_train $Data Train (Get-Index $Data Train $held) -Numbered
    $test = Write-Part base_test $Data Test (Get-Index $Data Test $held) -Numbered
    $network = Get-SlcDataset -Path $train -TestPath $test -ValidationCount 0 |
        Start-SlcTraining BatchCE -Network MLP -Step $Step -Seed $Seed
    foreach ($class in $held) {
        $others = $held -ne $class
        $train = Write-Part with_train $Data Train (Get-Index $Data Train $others) -Numbered
        $test = Write-Part with_test $Data Test (Get-Index $Data Test $others) -Numbered
        $with = Get-SlcDataset -Path $train -TestPath $test -ValidationCount ($HeldOut * ($k - $others.Count)) -Seed $Seed
        $features = $with | Export-SlcFeature "$scratch/features" -Model $network
        $row = $features.ClassNames.IndexOf("$class")
        $validation = Write-Part validation $features Validation (Get-Index $features Validation @())
        $test = Write-Part test $features Test (Get-Index $features Test @())
        foreach ($count in $ExampleCount) {
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $added = ($network | Add-SlcClass "$class" $with -ExampleCount $count -Seed $Seed).AddedClass[0]
            New-Row $Data $class $count 'one row' $added.TestSelected $added.TestTruePositives $added.TestPositives $clock.Elapsed.TotalSeconds

            $few = Write-Part few $features Train (Get-FewIndex $features $row $count)
            $clock.Restart()
            $head = Get-SlcDataset -Path $few -TestPath $validation -ValidationCount 0 |
                Start-SlcTraining BatchCE -Network Linear -Step $HeadStep -LearningRate $HeadLearningRate -Seed $Seed
            $threshold = $head | Get-SlcLogit | Measure-SlcThreshold -Class "$class"
            $seconds = $clock.Elapsed.TotalSeconds
            $match = @($head | Find-SlcMatch "$class" -Threshold $threshold.Threshold -Dataset (Get-SlcDataset -Path $few -TestPath $test -ValidationCount 0))
            New-Row $Data $class $count 'whole head' $match.Count @($match | Where-Object IsTrue).Count $added.TestPositives $seconds
        }
    }
}

# One folder a character, whatever its alphabet.
function Open-Omniglot([string] $Path) {
    if (Test-Path $Path -PathType Leaf) {
        Expand-Archive $Path "$scratch/zip"
        $Path = "$scratch/zip"
    }
    $characters = Get-ChildItem $Path -Directory -Recurse -Filter 'character*'
    foreach ($character in $characters) { Copy-Item $character "$scratch/Omniglot/$($character.Parent.Name)-$($character.Name)" -Recurse }
    Get-SlcDataset -Name Omniglot -Path "$scratch/Omniglot" -Size 28 -ValidationCount 0
}

try {
    $null = New-Item -ItemType Directory "$scratch/Omniglot"
    $rows = @(
        if ($OmniglotPath) { Compare-Addition (Open-Omniglot $OmniglotPath) }
        elseif (-not $Dataset) { $Dataset = 'Digits' }
        foreach ($item in $Dataset) { Compare-Addition $(if ($item -is [string]) { Get-SlcDataset $item -ValidationCount 0 } else { $item }) }
    )
} finally { Remove-Item $scratch -Recurse -Force }

$rows | Group-Object Dataset, Examples, Way | ForEach-Object {
    [pscustomobject] @{
        Dataset   = $_.Group[0].Dataset
        Examples  = $_.Group[0].Examples
        Way       = $_.Group[0].Way
        Classes   = $_.Count
        Precision = [Math]::Round(($_.Group.Precision | Measure-Object -Average).Average, 3)
        Recall    = [Math]::Round(($_.Group.Recall | Measure-Object -Average).Average, 3)
        Seconds   = [Math]::Round(($_.Group.Seconds | Measure-Object -Average).Average, 2)
    }
} | Format-Table | Out-Host

if ($OutFile) {
    $rows | Export-Csv "$OutFile.partial" -UseQuotes AsNeeded
    Move-Item "$OutFile.partial" $OutFile -Force
}
