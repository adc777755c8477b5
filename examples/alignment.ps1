<#
.SYNOPSIS
    For each loss: below which value a batch satisfies the Principle of Logit Separation, and how near a search comes to it.
.DESCRIPTION
    For each aligned loss, batch size and number of classes: the infimum, the critical value (no logits that violate the principle have
    a smaller loss), the smallest loss of violating logits that a descent in float64 finds, and the ratio of the excesses of the two
    over the infimum. For each other loss a counterexample with an excess below -Below: the paper's family, and what the descent finds.
    Get-Help about_Slc_Principle derives the values.
.PARAMETER Loss
    The losses.
.PARAMETER BatchSize
    The numbers of examples of a batch.
.PARAMETER ClassCount
    The numbers of classes.
.PARAMETER Below
    What the excess of counterexamples has to be below.
.PARAMETER OutFile
    A CSV file for all numbers.
.EXAMPLE
    ./examples/alignment.ps1 -BatchSize 2, 8 -ClassCount 2, 10

    Some seconds.
.EXAMPLE
    ./examples/alignment.ps1 -OutFile alignment.csv

    All sizes up to 128 x 1000: some minutes.
#>
[CmdletBinding()]
param(
    [string[]] $Loss = '*',
    [string[]] $BatchSize = (2, 8, 128),
    [string[]] $ClassCount = (2, 10, 1000),
    [double] $Below = 1e-6,
    [string] $OutFile
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../LogitSeparation.psd1')

# From outside of PowerShell a list arrives as one text.
$Loss, $BatchSize, $ClassCount = $Loss, $BatchSize, $ClassCount | ForEach-Object { , @($_ -split '\s*,\s*') }

$rows = foreach ($name in (Get-SlcLoss $Loss).Name) {
    foreach ($m in [int[]] $BatchSize) {
        foreach ($k in [int[]] $ClassCount) {
            Write-Progress 'Alignment' "$name, $m x $k"
            # SmoothAP compares m x m k logits at every step of a search.
            $search = $name -ne 'SmoothAP' -or $m * $m * $k -le 200000
            $found = Test-SlcLossAlignment $name -BatchSize $m -ClassCount $k -Below $Below -Search:$search
            [pscustomobject]@{
                Loss          = $name
                BatchSize     = $m
                ClassCount    = $k
                Aligned       = $found.Aligned
                Evidence      = $found.Evidence
                Infimum       = $found.Infimum
                CriticalValue = $found.CriticalValue
                Attained      = $found.Attained
                Searched      = $found.Search.Value
                Ratio         = $found.Search.Ratio
            }
        }
    }
}
Write-Progress 'Alignment' -Completed

function Format-Number([string] $Property, [string] $Format = 'g7') {
    @{ Name = $Property; Expression = { "{0:$Format}" -f $_.$Property }.GetNewClosure(); Align = 'Right' }
}

$columns = 'BatchSize', 'ClassCount', (Format-Number Infimum)
$rows | Where-Object Aligned | Format-Table -GroupBy Loss (
    $columns + (Format-Number CriticalValue) + (Format-Number Searched) + (Format-Number Ratio f7)) | Out-Host
$rows | Where-Object { -not $_.Aligned } | Format-Table -GroupBy Loss ($columns + (Format-Number Attained) + (Format-Number Searched)) | Out-Host

if ($OutFile) {
    $rows | Export-Csv "$OutFile.partial" -UseQuotes AsNeeded
    Move-Item "$OutFile.partial" $OutFile -Force
}
