# What the module's tests share: where things are, other processes of this PowerShell, and .npz files written independently
# of the module.

$script:root = [IO.Path]::GetFullPath("$PSScriptRoot/../..")

function Get-RepositoryRoot { $script:root }

function Get-ManifestPath { Join-Path $script:root 'LogitSeparation.psd1' }

# The device that SLC_TEST_DEVICE names, as in the core's tests, as default values of the cmdlets that always have a device.
function Get-TestDevice {
    $values = @{}
    if ($env:SLC_TEST_DEVICE) {
        foreach ($name in 'Start-Slc*', 'Resume-Slc*', 'Invoke-Slc*', 'Get-SlcLogit') { $values["${name}:Device"] = $env:SLC_TEST_DEVICE }
    }
    $values
}

# Runs a script in a new process and gives its output as lines; errors end up among them.
function Invoke-NewProcess {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Script, [string] $Folder = $script:root)

    $file = New-TemporaryFile
    $path = "$file.ps1"
    $device = foreach ($pair in (Get-TestDevice).GetEnumerator()) {
        "`$global:PSDefaultParameterValues['$($pair.Key)'] = '$($pair.Value)'"
    }
    Set-Content -LiteralPath $path (@($device) + $Script)
    $self = [Environment]::ProcessPath
    [string[]] $start = [IO.Path]::GetFileNameWithoutExtension($self) -eq 'dotnet' ? (Join-Path $PSHOME 'pwsh.dll') : @()
    Push-Location $Folder
    try {
        & $self @start -NoLogo -NoProfile -NonInteractive -File $path 2>&1 | ForEach-Object { "$_" }
    } finally {
        Pop-Location
        Remove-Item $path, $file
    }
}

# The golden cases: the committed ones, and all where the shared folder lies beside the repository.
function Get-GoldenCase {
    $committed = Join-Path $script:root 'tests/LogitSeparation.Core.Tests/golden'
    $shared = Join-Path $script:root '../shared/golden'
    foreach ($name in 'tiny', 'ties', 'missing', 'equal', 'separated', 'extreme', 'mid', 'many') {
        $path = @("$committed/$name.json", "$shared/$name.json") | Where-Object { Test-Path $_ } | Select-Object -First 1
        @{ Name = $name; Path = $path }
    }
}

function Write-NpyEntry([System.IO.Compression.ZipArchive] $Zip, [string] $Name, [string] $Type, [string] $Shape, [byte[]] $Bytes) {
    $header = "{'descr': '$Type', 'fortran_order': False, 'shape': ($Shape), }"
    $header = $header.PadRight(118 - 1) + "`n"
    $stream = $Zip.CreateEntry("$Name.npy").Open()
    try {
        $stream.Write([byte[]] (0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0))
        $stream.Write([BitConverter]::GetBytes([uint16] $header.Length))
        $stream.Write([Text.Encoding]::ASCII.GetBytes($header))
        $stream.Write($Bytes)
    } finally {
        $stream.Dispose()
    }
}

# Writes rows of logits and labels as numpy.savez does.
function New-LogitFile {
    [CmdletBinding()]
    param([string] $Path, [object[]] $Logits, [long[]] $Labels, [switch] $Single)

    $type = $Single ? [float] : [double]
    $values = [Array]::CreateInstance($type, $Logits.Count * $Logits[0].Count)
    $at = 0
    foreach ($row in $Logits) { ($Single ? [float[]] $row : [double[]] $row).CopyTo($values, $at); $at += $row.Count }
    $bytes = [byte[]]::new([Buffer]::ByteLength($values))
    [Buffer]::BlockCopy($values, 0, $bytes, 0, $bytes.Length)
    $labelBytes = [byte[]]::new(8 * $Labels.Count)
    [Buffer]::BlockCopy($Labels, 0, $labelBytes, 0, $labelBytes.Length)
    $zip = [System.IO.Compression.ZipFile]::Open($Path, 'Create')
    try {
        Write-NpyEntry $zip 'logits' ($Single ? '<f4' : '<f8') "$($Logits.Count), $($Logits[0].Count)" $bytes
        Write-NpyEntry $zip 'labels' '<i8' "$($Labels.Count)," $labelBytes
    } finally {
        $zip.Dispose()
    }
}

# One example a row, as typed arrays: JSON's own are arrays of objects.
function Read-GoldenCase([string] $Path) {
    $case = Get-Content -Raw -LiteralPath $Path | ConvertFrom-Json
    $case.logits = @(foreach ($row in $case.logits) { , [double[]] $row })
    $case
}

Export-ModuleMember -Function Get-*, Invoke-*, New-*, Read-*
