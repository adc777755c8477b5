# The module as users load it: from anywhere, again and again, in jobs and runspaces, beside other modules.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    $manifest = Get-ManifestPath
    Import-Module $manifest
}

Describe 'Import-Module' {
    It 'works from another folder, by a relative path, twice and with -Force' {
        $folder = Split-Path (Get-RepositoryRoot)
        $relative = "./$(Split-Path -Leaf (Get-RepositoryRoot))/LogitSeparation.psd1"
        $lines = Invoke-NewProcess -Folder $folder @"
Import-Module '$relative'
Import-Module '$relative'
(Get-SlcLoss CE).Name
Import-Module '$relative' -Force
(Get-SlcLoss NCE).Name
"@
        $lines | Should -Be 'CE', 'NCE'
    }

    It 'works again after Remove-Module, with the objects of before' {
        $lines = Invoke-NewProcess @"
Import-Module '$manifest'
`$data = Get-SlcDataset
Remove-Module LogitSeparation
if (Get-Command Get-SlcLoss -ErrorAction Ignore) { 'still there' }
Import-Module '$manifest'
`$model = `$data | Start-SlcTraining CE -Step 2 -HiddenUnit 4
`$model.GetType().Name
"@
        $lines | Should -Be 'Model'
    }

    It 'loads nothing native, and no TorchSharp' {
        $lines = Invoke-NewProcess @"
Import-Module '$manifest'
`$null = Get-SlcLoss; `$null = Get-SlcDataset
[AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -contains 'TorchSharp'
@([Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName -match 'torch').Count
"@
        $lines | Should -Be 'False', '0'
    }

    It 'lives beside other versions of what it brings' {
        $lines = Invoke-NewProcess @"
foreach (`$name in 'SkiaSharp', 'Google.Protobuf', 'TorchSharp') {
    `$file = Join-Path '$TestDrive' "`$name.dll"
    Add-Type -OutputAssembly `$file "[assembly: System.Reflection.AssemblyVersion(```"9.9.9.9```")] public class Other_`$(`$name -replace '\.') { }"
    `$null = [Reflection.Assembly]::LoadFrom(`$file)
}
Import-Module '$manifest'
`$model = Get-SlcDataset | Start-SlcTraining CE -Step 2 -HiddenUnit 4
`$model.Loss
`$ours = [Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ 'LogitSeparation.Core'
`$default = [Runtime.Loader.AssemblyLoadContext]::Default
foreach (`$name in 'SkiaSharp', 'Google.Protobuf', 'TorchSharp') {
    `$ours.LoadFromAssemblyName(`$name).GetName().Version -ne '9.9.9.9'
    @(`$default.Assemblies.GetName() | Where-Object { `$_.Name -eq `$name -and `$_.Version -ne '9.9.9.9' }).Count
}
"@
        $lines | Should -Be 'CE', 'True', '0', 'True', '0', 'True', '0'
    }

    It 'exports what the manifest says, and nothing else' {
        $module = Get-Module LogitSeparation
        $module.ExportedCommands.Keys | Sort-Object | Should -Be ((Import-PowerShellDataFile $manifest).CmdletsToExport | Sort-Object)
        $module.Version | Should -Be (Import-PowerShellDataFile $manifest).ModuleVersion
    }

    It 'says what to do where nothing was built' {
        $copy = Join-Path $TestDrive 'unbuilt'
        [void] (New-Item -ItemType Directory "$copy/module")
        Copy-Item $manifest $copy
        Copy-Item "$(Get-RepositoryRoot)/module/*.ps*" "$copy/module"
        $lines = Invoke-NewProcess "try { Import-Module '$copy/LogitSeparation.psd1' } catch { `$_.FullyQualifiedErrorId; `"`$_`" }"
        $lines[0] | Should -BeLike 'ModuleNotBuilt*'
        $lines[1] | Should -Match 'build\.ps1'
    }

    It 'ships the version of its assemblies' {
        $version = (Import-PowerShellDataFile $manifest).ModuleVersion
        (Get-Item "$(Get-RepositoryRoot)/module/bin/LogitSeparation.PowerShell.dll").VersionInfo.ProductVersion |
            Should -BeLike "$version*"
    }
}

Describe 'Jobs and runspaces' {
    It 'trains in Start-Job' {
        $job = Start-Job { Import-Module $using:manifest; Get-SlcDataset | Start-SlcTraining CE -Step 2 -HiddenUnit 4 }
        ($job | Receive-Job -Wait -AutoRemoveJob).Loss | Should -Be 'CE'
    }

    It 'trains in Start-ThreadJob, and gives the model of the foreground' {
        $data = Get-SlcDataset
        $job = Start-ThreadJob { Import-Module $using:manifest; $using:data | Start-SlcTraining CE -Step 5 -HiddenUnit 4 }
        $model = $job | Receive-Job -Wait -AutoRemoveJob
        $here = $data | Start-SlcTraining CE -Step 5 -HiddenUnit 4
        $model.Weights['head.bias'].Values.ToArray() | Should -Be $here.Weights['head.bias'].Values.ToArray()
    }

    It 'trains in ForEach-Object -Parallel' {
        $models = 'CE', 'NCE', 'BatchCE' | ForEach-Object -Parallel {
            Import-Module $using:manifest
            Get-SlcDataset | Start-SlcTraining $_ -Step 2 -HiddenUnit 4
        }
        $models.Loss | Sort-Object | Should -Be 'BatchCE', 'CE', 'NCE'
    }
}
