<#
.SYNOPSIS
    Shows what the choices move that the paper leaves open: batch size, alpha, gamma, t and q, and the epsilon of the authors' code.
.DESCRIPTION
    Each parameter is varied alone, the others at their defaults (batch 128, alpha 0.1, gamma 1, t 5, q uniform with the
    expectation taken exactly, epsilon 0; SGD with learning rate 0.03 and momentum 0.9), with the losses that read it; batch size
    with all. All runs are trials of a sweep in a folder: started again, the script goes on where it was stopped.
    Prints one minus each measure on the test split, the mean over the seeds, and what the measure moves from the default's.
.PARAMETER Dataset
    The data sets.
.PARAMETER Step
    The number of steps of each run.
.PARAMETER Seed
    The seeds.
.PARAMETER SweepPath
    The folder of the trials.
.PARAMETER ThrottleLimit
    The number of processes to run trials in; 0 to run them in this one.
.PARAMETER Device
    Where to train.
.PARAMETER OutFile
    A CSV file for all numbers, one line a run.
.PARAMETER WhatIf
    Lists what is left to do, with estimates of the time.
.EXAMPLE
    ./examples/ablation.ps1 -Dataset Digits -Step 200

    Half a minute on the data set that comes with the module.
.EXAMPLE
    ./examples/ablation.ps1 -Seed 0, 1, 2 -OutFile ablation.csv

    MNIST and Fashion-MNIST, 5000 steps, three seeds.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string[]] $Dataset = ('MNIST', 'FashionMNIST'),
    [ValidateRange(1, 100000000)] [int] $Step = 5000,
    [string[]] $Seed = 0,
    [string] $SweepPath = 'ablation',
    [ValidateRange(0, 1024)] [int] $ThrottleLimit,
    [string] $Device = 'cpu',
    [string] $OutFile
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../LogitSeparation.psd1')
. (Join-Path $PSScriptRoot 'Complete-Trial.ps1')

# From outside of PowerShell a list arrives as one text.
$Dataset, $Seed = $Dataset, $Seed | ForEach-Object { , @($_ -split '\s*,\s*') }
[int[]] $seeds = $Seed

# The losses, the values, and the one that is the default.
$choices = [ordered] @{
    BatchSize     = @{ Loss = '*'; Value = 32, 64, 128, 256, 512; Default = 128 }
    Alpha         = @{ Loss = 'SelfNorm'; Value = 0.001, 0.01, 0.1, 1; Default = 0.1 }
    Gamma         = @{ Loss = 'MaxMargin', 'BatchMaxMargin'; Value = 0.1, 1, 10; Default = 1 }
    NoiseCount    = @{ Loss = 'NCE'; Value = 1, 2, 5, 9, 25; Default = 5 }
    NoisePrior    = @{ Loss = 'NCE'; Value = 'Uniform', 'ClassFrequency'; Default = 'Uniform' }
    NoiseSampling = @{ Loss = 'NCE'; Value = 'Exact', 'Sampled'; Default = 'Exact' }
    Epsilon       = @{ Loss = 'BatchCE'; Value = 0, 1e-6; Default = 0 }
}
$measures = [ordered] @{
    '1-AUPRC' = 'Auprc'; '1-Prec@0.9' = 'PrecisionAt90'; '1-Prec@0.99' = 'PrecisionAt99'; '1-Acc.' = 'Accuracy'
}

# The value of a parameter that a trial has, wherever it stands.
function Get-Value($Trial, [string] $Parameter) {
    $owner = $Trial.Configuration.LossOptions, $Trial.Configuration.Training | Where-Object { $_.PSObject.Properties[$Parameter] }
    $owner.$Parameter
}

# The mean over the seeds for each loss and value.
function Measure-Choice($Trials, [string] $Parameter) {
    foreach ($group in $Trials | Group-Object Loss, { Get-Value $_ $Parameter }) {
        $first = $group.Group[0]
        $row = [ordered] @{ Loss = $first.Loss; Value = Get-Value $first $Parameter }
        foreach ($title in $measures.Keys) { $row[$title] = 1 - ($group.Group | Measure-Object $measures[$title] -Average).Average }
        [pscustomobject] $row
    }
}

# The rows as text, with what each measure moves from the default's.
function Format-Choice($Rows, $Default) {
    foreach ($row in $Rows) {
        $reference = $Rows | Where-Object { $_.Loss -eq $row.Loss -and $_.Value -eq $Default }
        $line = [ordered] @{ Loss = $row.Loss; Value = "$($row.Value)" + $(if ($row.Value -eq $Default) { ' (default)' }) }
        foreach ($title in $measures.Keys) {
            $line[$title] = '{0:f4}' -f $row.$title
            $isOther = $reference -and $row.Value -ne $Default
            $line["+/- $title".Replace('1-', '')] = $isOther ? '{0:+0.0000;-0.0000;0.0000}' -f [Math]::Round($row.$title - $reference.$title, 4) : ''
        }
        [pscustomobject] $line
    }
}

$runner = @{ ThrottleLimit = $ThrottleLimit; Device = $Device }
$records = foreach ($name in $Dataset) {
    $data = Get-SlcDataset $name
    foreach ($parameter in $choices.Keys) {
        $choice = $choices[$parameter]
        $sweep = @{
            Loss = $choice.Loss; Step = $Step; Seed = $seeds; Parameter = @{ $parameter = $choice.Value }
            Path = $SweepPath
        }
        if ($WhatIfPreference) {
            $data | Start-SlcSweep @sweep @runner -WhatIf | Out-Host
            continue
        }

        $trials = Complete-Trial @runner ($data | Start-SlcSweep @sweep -CreateOnly) | Where-Object State -EQ 'Done'
        if (-not $trials) { throw "No model could be trained on $data`: the warnings say why." }
        Write-Host "`n$($data.Name), ${parameter}: one minus each measure after $Step steps, seed $($seeds -join ', ')"
        Format-Choice (Measure-Choice $trials $parameter) $choice.Default | Format-Table -AutoSize | Out-String -Width 200 | Out-Host
        foreach ($trial in $trials) {
            $record = [ordered] @{
                Dataset = $trial.Dataset; Parameter = $parameter; Value = Get-Value $trial $parameter; Loss = $trial.Loss
                LearningRate = $trial.LearningRate; Step = $trial.Step; Seed = $trial.Seed
            }
            foreach ($measure in $measures.Values) { $record[$measure] = $trial.$measure }
            $record.ThreadCount = $trial.ThreadCount
            $record.Seconds = $trial.Duration.TotalSeconds
            [pscustomobject] $record
        }
    }
}

if ($OutFile -and $records) {
    $records | Export-Csv "$OutFile.partial" -UseQuotes AsNeeded
    Move-Item "$OutFile.partial" $OutFile -Force
}
