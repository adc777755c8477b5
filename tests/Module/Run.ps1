<#
.SYNOPSIS
    Runs the module's tests with Pester and writes how many passed, failed and were skipped.
.DESCRIPTION
    Started by build.ps1 in a process of its own, so that the module's assemblies are free again afterwards.
#>
[CmdletBinding()]
param(
    # The folder of the Pester module.
    [Parameter(Mandatory)] [string] $PesterFolder,
    # Where the counts go, as JSON.
    [Parameter(Mandatory)] [string] $ResultPath,
    # Which test files to run.
    [string] $Path = "$PSScriptRoot/*.Tests.ps1"
)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/ModuleTest.psm1"
foreach ($pair in (Get-TestDevice).GetEnumerator()) { $global:PSDefaultParameterValues[$pair.Key] = $pair.Value }
Import-Module (Join-Path $PesterFolder 'Pester.psd1')
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$run = Invoke-Pester -Configuration $configuration

# A test that never started, because a file or a block did not get so far, counts as failed.
$unstarted = $run.FailedContainersCount + $run.FailedBlocksCount + $run.NotRunCount
@{
    Passed  = $run.PassedCount
    Failed  = $run.FailedCount + $unstarted
    Skipped = $run.SkippedCount + $run.InconclusiveCount
} | ConvertTo-Json | Set-Content -LiteralPath $ResultPath
