# Imported before the assemblies: a fresh checkout has none yet, and PowerShell's own message would not say what to do.
if (-not [IO.File]::Exists("$PSScriptRoot/bin/LogitSeparation.PowerShell.dll")) {
    $root = [IO.Path]::GetDirectoryName($PSScriptRoot)
    throw [System.Management.Automation.ErrorRecord]::new(
        [System.IO.FileNotFoundException]::new(
            "LogitSeparation has not been built in '$root'. Build it with: dotnet tool exec powershell -- ./build.ps1 -Task Build"),
        'ModuleNotBuilt', 'NotInstalled', $root)
}
