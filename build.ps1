<#
.SYNOPSIS
    Builds, shows, tests, measures and packs LogitSeparation.
.DESCRIPTION
    Runs in any PowerShell 7.4 or later, from any folder. A machine with only
    the .NET SDK has one in this repository's tool manifest:

        dotnet tool exec powershell -- ./build.ps1 -Task Demo

    The tasks:

    Build  the module, ready for: Import-Module ./LogitSeparation.psd1
    Demo   builds, then runs examples/quickstart.ps1
    Test   builds, checks the format of the sources, runs the tests of the
           core and of the module, and ends with a line that adds them up
    Bench  builds, then measures (a quiet machine, please)
    Docs   makes the help that Get-Help reads from module/help anew
           (Build does so where something changed)
    Pack   builds, then makes artifacts/package: the module as a folder
           for machines of the same kind, and the same as a .zip
    Clean  removes all that was built

    Only what changed is built again. Exit codes: 0 when all went well,
    1 when something failed, 130 after Ctrl-C.
.PARAMETER Task
    What to do; the description lists the tasks.
.PARAMETER Configuration
    Release, or Debug for stepping through the code.
.PARAMETER TorchBackend
    The libtorch to build with: cpu for the platform at hand, or one of the packages for NVIDIA GPUs.
.EXAMPLE
    ./build.ps1 -Task Test

    Builds what changed and runs all tests.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Demo', 'Test', 'Bench', 'Docs', 'Pack', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    [ValidateSet('cpu', 'cuda-windows', 'cuda-linux')]
    [string] $TorchBackend = 'cpu'
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
$root = $PSScriptRoot
$artifacts = Join-Path $root 'artifacts'
$results = Join-Path $artifacts 'test-results'
$manifest = Join-Path $root 'LogitSeparation.psd1'
$solution = Join-Path $root 'LogitSeparation.slnx'
$buildOptions = '--configuration', $Configuration, "-p:TorchBackend=$TorchBackend", '--nologo', '--verbosity', 'minimal'

function Invoke-DotNet {
    & dotnet @args | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "'dotnet $args' ended with exit code $LASTEXITCODE." }
}

# Another process of this same PowerShell: whatever it loads is let go when it ends. As a .NET tool, PowerShell is a DLL.
function Invoke-PowerShell {
    $self = [Environment]::ProcessPath
    $isTool = [IO.Path]::GetFileNameWithoutExtension($self) -eq 'dotnet'
    [string[]] $start = $isTool ? (Join-Path $PSHOME 'pwsh.dll') : @()
    & $self @start -NoLogo -NoProfile -NonInteractive @args | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "'$($args -join ' ')' ended with exit code $LASTEXITCODE." }
}

function Get-BuiltAssembly([string] $Project) {
    Join-Path $artifacts "bin/$Project/$($Configuration.ToLowerInvariant())/$Project.dll"
}

function Test-Newer([string[]] $Source, [string] $Target) {
    $made = (Get-Item -LiteralPath $Target -ErrorAction Ignore)?.LastWriteTimeUtc
    -not $made -or (Get-Item -LiteralPath $Source | Where-Object LastWriteTimeUtc -GT $made)
}

function Update-Help([switch] $Force) {
    $help = Join-Path $root 'module/help'
    $target = Join-Path $root 'en-US/LogitSeparation.PowerShell.dll-Help.xml'
    # The folder too: its own time is that of the last file that came or went.
    $files = (Get-ChildItem -LiteralPath $help).FullName
    $sources = @($help) + $files + $manifest + (Join-Path $root 'module/bin/LogitSeparation.PowerShell.dll')
    if ($Force -or (Test-Newer $sources $target)) {
        Invoke-PowerShell -File "$help/ConvertTo-Maml.ps1" -Manifest $manifest -OutputFolder (Split-Path $target)
    }
}

function Build-Module {
    Invoke-DotNet build "$root/src/LogitSeparation.PowerShell" @buildOptions
    Update-Help
}

function Start-Demo {
    Build-Module
    Invoke-PowerShell -File "$root/examples/quickstart.ps1"
}

# Runs one suite and gives its counts. One that breaks off, or leaves no counts, is one failure.
function Measure-Suite([string] $Name, [scriptblock] $Run) {
    Write-Host "`n== $Name"
    try {
        $counts = & $Run
    } catch {
        Write-Host "error: $Name did not complete: $_"
        $counts = @{ Passed = 0; Failed = 1; Skipped = 0 }
    }
    [pscustomobject]@{ Suite = $Name; Passed = $counts.Passed; Failed = $counts.Failed; Skipped = $counts.Skipped }
}

function Measure-Format {
    Invoke-DotNet format $solution --verify-no-changes --no-restore --verbosity quiet
    @{ Passed = 1; Failed = 0; Skipped = 0 }
}

function Measure-CoreTest {
    $report = Join-Path $results 'core.json'
    Remove-Item -LiteralPath $report -ErrorAction Ignore
    & dotnet (Get-BuiltAssembly 'LogitSeparation.Core.Tests') --results-directory $results `
        --report-xunit-ctrf --report-xunit-ctrf-filename core.json | Out-Host
    $exitCode = $LASTEXITCODE
    $summary = (Get-Content -Raw -LiteralPath $report | ConvertFrom-Json).results.summary
    # Pending are those that only run when asked for by name; another test does so, in a process of its own.
    $skipped = $summary.skipped + $summary.pending
    $failed = $summary.tests - $summary.passed - $skipped
    if ($exitCode -ne 0 -and $failed -eq 0) { throw "the test program ended with exit code $exitCode." }
    @{ Passed = $summary.passed; Failed = $failed; Skipped = $skipped }
}

function Measure-ModuleTest {
    $report = Join-Path $results 'module.json'
    Remove-Item -LiteralPath $report -ErrorAction Ignore
    $pester = & dotnet msbuild "$root/tests/Module/PesterLocation.csproj" -restore -t:Locate -getProperty:PesterFolder
    if ($LASTEXITCODE -ne 0) { throw "Pester could not be fetched: $pester" }
    Invoke-PowerShell -File "$root/tests/Module/Run.ps1" -PesterFolder $pester -ResultPath $report
    Get-Content -Raw -LiteralPath $report | ConvertFrom-Json
}

function Test-All {
    [void] (New-Item -ItemType Directory -Force $results)
    $suites = @(
        Measure-Suite 'Build' {
            Build-Module
            Invoke-DotNet build $solution @buildOptions
            @{ Passed = 1; Failed = 0; Skipped = 0 }
        }
    )
    if (-not $suites[0].Failed) {
        $suites += Measure-Suite 'Format of the sources' { Measure-Format }
        $suites += Measure-Suite 'Core' { Measure-CoreTest }
        $suites += Measure-Suite 'Module' { Measure-ModuleTest }
    }
    $suites | Format-Table | Out-Host
    $sum = @{}
    foreach ($column in 'Passed', 'Failed', 'Skipped') { $sum[$column] = ($suites | Measure-Object $column -Sum).Sum }
    [Console]::Out.WriteLine("$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped")
    $sum.Failed -eq 0
}

function Measure-Speed {
    Build-Module
    Invoke-DotNet build "$root/tests/LogitSeparation.Benchmarks" @buildOptions
    Invoke-DotNet (Get-BuiltAssembly 'LogitSeparation.Benchmarks')
    Invoke-PowerShell -File "$root/tests/Module/Measure-ImportTime.ps1"
}

function New-Package {
    Build-Module
    $version = (Import-PowerShellDataFile $manifest).ModuleVersion
    $packages = Join-Path $artifacts 'package'
    $package = Join-Path $packages "LogitSeparation/$version"
    if (Test-Path -LiteralPath $package) { Remove-Item -Recurse -Force -LiteralPath $package }
    [void] (New-Item -ItemType Directory -Force $package, "$package/module")
    Copy-Item -LiteralPath $manifest, "$root/LICENSE", "$root/README.md", "$root/CHANGELOG.md" $package
    $views = (Get-ChildItem -LiteralPath "$root/module" -File | Where-Object Extension -In '.ps1xml', '.psm1').FullName
    Copy-Item -LiteralPath $views "$package/module"
    Copy-Item -Recurse -LiteralPath "$root/en-US" $package
    Copy-RealFile "$root/module/bin" "$package/module/bin"
    # In place of the file that points at the natives of this build, the natives.
    $pointer = "$package/module/bin/core/LogitSeparation.native.txt"
    Copy-RealFile (Get-Content -Raw -LiteralPath $pointer).Trim() "$package/module/bin/core/native"
    Remove-Item -LiteralPath $pointer
    $zip = Join-Path $packages "LogitSeparation.$version.zip"
    Remove-Item -LiteralPath $zip -ErrorAction Ignore
    Compress-Package $packages $package $zip
    Get-Item $package, $zip | Select-Object FullName | Out-Host
}

# This version's folder alone, under the path that a folder of modules has it at: other versions may lie beside it.
function Compress-Package([string] $Root, [string] $Package, [string] $Zip) {
    $archive = [IO.Compression.ZipFile]::Open($Zip, 'Create')
    try {
        foreach ($file in [IO.Directory]::EnumerateFiles($Package, '*', 'AllDirectories')) {
            $name = [IO.Path]::GetRelativePath($Root, $file).Replace('\', '/')
            [void] [IO.Compression.ZipFileExtensions]::CreateEntryFromFile($archive, $file, $name, 'Fastest')
        }
    } finally {
        $archive.Dispose()
    }
}

# Links to the package cache become the files themselves: a package has to stand alone.
function Copy-RealFile([string] $From, [string] $To) {
    foreach ($file in [IO.Directory]::EnumerateFiles($From, '*', 'AllDirectories')) {
        $target = Join-Path $To ([IO.Path]::GetRelativePath($From, $file))
        [void] [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($target))
        [IO.File]::Copy($file, $target, $true)
    }
}

function Remove-Built {
    foreach ($folder in 'artifacts', 'module/bin', 'en-US') {
        $path = Join-Path $root $folder
        if (Test-Path -LiteralPath $path) { Remove-Item -Recurse -Force -LiteralPath $path }
    }
}

# Without this, Ctrl-C would end in exit code 0.
$code = 130
Push-Location $root
try {
    $succeeded = $true
    switch ($Task) {
        'Build' { Build-Module }
        'Demo' { Start-Demo }
        'Test' { $succeeded = Test-All }
        'Bench' { Measure-Speed }
        'Docs' { Build-Module; Update-Help -Force }
        'Pack' { New-Package }
        'Clean' { Remove-Built }
    }
    $code = $succeeded ? 0 : 1
} catch {
    $code = 1
    [Console]::Error.WriteLine("error: $_")
} finally {
    Pop-Location
    exit $code
}
