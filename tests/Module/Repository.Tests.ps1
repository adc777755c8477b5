# What the repository says of itself: scripts parse, the README's commands are the ones that are run, and they run.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    $root = Get-RepositoryRoot
    $scripts = @('build.ps1', 'LogitSeparation.psd1') + @('module', 'examples', 'tests/Module' | ForEach-Object {
            Get-ChildItem -Recurse -Include *.ps1, *.psm1 (Join-Path $root $_) | ForEach-Object { [IO.Path]::GetRelativePath($root, $_) }
        }) | ForEach-Object { @{ File = $_ } }
    $readme = Get-Content -Raw (Join-Path $root 'README.md')
    $blocks = [regex]::Matches($readme, '(?s)```powershell\n(.+?)```') | ForEach-Object { @{ Code = $_.Groups[1].Value } }
}

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    $root = Get-RepositoryRoot
}

Describe 'The script <File>' -ForEach $scripts {
    It 'has no syntax error' {
        $errors = $null
        $null = [System.Management.Automation.Language.Parser]::ParseFile((Join-Path $root $File), [ref] $null, [ref] $errors)
        $errors | Should -BeNullOrEmpty
    }
}

Describe 'The README' {
    It 'names the two commands that .ci/run runs, in that order' {
        $readme = Get-Content -Raw (Join-Path $root 'README.md')
        $commands = Get-Content (Join-Path $root '.ci/run') | Where-Object { $_ -like 'dotnet *' }
        $commands.Count | Should -Be 2
        $readme | Should -Match ('(?s)' + (($commands | ForEach-Object { [regex]::Escape($_) }) -join '.*'))
    }

    It 'names every cmdlet' {
        $readme = Get-Content -Raw (Join-Path $root 'README.md')
        foreach ($name in (Import-PowerShellDataFile (Get-ManifestPath)).CmdletsToExport) { $readme | Should -Match $name }
    }

    It 'has commands that run: <Code>' -ForEach $blocks {
        $lines = Invoke-NewProcess "`$ErrorActionPreference = 'Stop'`nSet-Location '$root'`n$Code`n'reached the end'"
        @($lines | Where-Object { $_.Trim() })[-1] | Should -Be 'reached the end' -Because ($lines -join "`n")
    }
}

Describe 'build.ps1' {
    It 'explains itself, and offers its tasks' {
        $help = Get-Help (Join-Path $root 'build.ps1') -Full
        $text = $help | Out-String
        foreach ($task in (Get-Command (Join-Path $root 'build.ps1')).Parameters['Task'].Attributes.ValidValues) {
            $text | Should -Match "(?m)^\s+$task\s" -Because "$task should be explained"
        }
    }

    It 'refuses a task that there is not, with exit code 1' {
        $lines = Invoke-NewProcess "& '$root/build.ps1' -Task Nonsense; `$LASTEXITCODE"
        $lines -join ' ' | Should -Match 'Build,Demo,Test'
    }
}
