<#
.SYNOPSIS
    Measures how much longer a session takes to start and end when it imports the module.
.DESCRIPTION
    Starts new processes of this PowerShell in turns, with and without the module, and compares medians.
#>
[CmdletBinding()]
param([ValidateRange(3, 1000)] [int] $Count = 15)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/ModuleTest.psm1"
$import = "Import-Module '$(Get-ManifestPath)'"

function Measure-Session([string] $Command) {
    $self = [Environment]::ProcessPath
    [string[]] $start = [IO.Path]::GetFileNameWithoutExtension($self) -eq 'dotnet' ? (Join-Path $PSHOME 'pwsh.dll') : @()
    $watch = [Diagnostics.Stopwatch]::StartNew()
    & $self @start -NoLogo -NoProfile -NonInteractive -Command $Command | Out-Null
    $watch.Elapsed.TotalSeconds
}

function Get-Median([double[]] $Values) { ($Values | Sort-Object)[[int] [Math]::Floor($Values.Count / 2)] }

$null = Measure-Session $import
$pairs = foreach ($i in 1..$Count) {
    [pscustomobject]@{ Empty = Measure-Session 'exit'; Module = Measure-Session "$import; exit" }
}
$empty, $module = (Get-Median $pairs.Empty), (Get-Median $pairs.Module)
'Import-Module: {0:f3} s over an empty session ({1:f3} s against {2:f3} s, medians of {3}; target 0.3 s)' -f
    ($module - $empty), $module, $empty, $Count
