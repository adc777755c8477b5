# Every cmdlet explains itself, and every example runs.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $cmdlets = (Get-Module LogitSeparation).ExportedCmdlets.Keys | ForEach-Object { @{ Name = $_ } }
    $examples = foreach ($cmdlet in $cmdlets) {
        foreach ($example in (Get-Help $cmdlet.Name -Full).examples.example) {
            @{ Cmdlet = $cmdlet.Name; Title = $example.title.Trim('- '); Code = $example.code }
        }
    }
}

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
}

Describe 'The help of <Name>' -ForEach $cmdlets {
    BeforeAll { $help = Get-Help $Name -Full }

    It 'has a synopsis and a description' {
        $help.Synopsis.Trim() | Should -Match '\.$'
        $help.Synopsis | Should -Not -Match "^\s*$Name \[" -Because 'that would be the generated one'
        ($help.description.Text -join ' ').Length | Should -BeGreaterThan 50
    }

    It 'has a text for each parameter, and no others' {
        $parameters = (Get-Command $Name).Parameters.Keys | Where-Object { $_ -notin [System.Management.Automation.Cmdlet]::CommonParameters }
        foreach ($parameter in $help.parameters.parameter) {
            ($parameter.description.Text -join ' ').Trim() | Should -Not -BeNullOrEmpty -Because "-$($parameter.name) needs a text"
        }
        @($help.parameters.parameter.name) | Sort-Object | Should -Be @($parameters | Sort-Object)
    }

    It 'has an example with remarks, outputs and links' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 1
        foreach ($example in $help.examples.example) { ($example.remarks.Text -join '').Trim() | Should -Not -BeNullOrEmpty }
        $help.returnValues.returnValue.type.name | Should -Not -BeNullOrEmpty
        $help.relatedLinks.navigationLink.linkText | Should -Not -BeNullOrEmpty
    }

    It 'links to cmdlets that there are' {
        foreach ($link in $help.relatedLinks.navigationLink | Where-Object { -not $_.uri }) {
            (Get-Command $link.linkText -Module LogitSeparation).Name | Should -Be $link.linkText
        }
    }

    It 'has a syntax for each parameter set' {
        @($help.syntax.syntaxItem).Count | Should -Be (Get-Command $Name).ParameterSets.Count
    }
}

Describe 'What help says of a parameter' {
    It 'is what the cmdlet does: defaults, pipeline input, wildcards, positions' {
        $loss = Get-Help Start-SlcTraining -Parameter Loss
        $loss.defaultValue, $loss.globbing, $loss.position, $loss.required | Should -Be 'BatchCE', 'true', '0', 'false'
        (Get-Help Start-SlcTraining -Parameter Dataset).pipelineInput | Should -Be 'True (ByValue)'
        (Get-Help Start-SlcTraining -Parameter BatchSize).defaultValue | Should -Be '128'
        (Get-Help Start-SlcTraining -Parameter Gamma).defaultValue | Should -Be '1'
        (Get-Help Measure-SlcThreshold -Parameter Split).defaultValue | Should -Be 'Validation'
        (Get-Help Find-SlcMatch -Parameter Threshold).pipelineInput | Should -Be 'True (ByPropertyName)'
    }

    It 'is joined by about topics' {
        Get-Help about_LogitSeparation | Out-String | Should -Match 'Principle of Logit Separation'
        Get-Help about_Slc_Sweeps | Out-String | Should -Match 'Exit codes|exit codes'
    }

    It 'links in about_Slc_Sweeps to cmdlets and their parameters that there are' {
        $text = Get-Content -Raw (Join-Path (Get-RepositoryRoot) 'module/help/about_Slc_Sweeps.help.txt')
        foreach ($name in [regex]::Matches($text, '\b[A-Z][a-z]+-Slc[A-Za-z]+').Value | Sort-Object -Unique) { (Get-Command $name).Name | Should -Be $name }
        $known = (Get-Command Start-SlcSweep, Resume-SlcSweep, Get-SlcTrial, Invoke-SlcTrial).Parameters.Keys
        foreach ($name in [regex]::Matches($text, '(?<=\s)-([A-Z][A-Za-z]+)').Value.TrimStart('-') | Where-Object { $_ -notin 'NoProfile', 'Command' } | Sort-Object -Unique) {
            $name | Should -BeIn $known
        }
        foreach ($state in (Get-Command Get-SlcTrial).Parameters['State'].ParameterType.GetElementType().GetEnumNames()) { $text | Should -Match "(?m)^    $state " }
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessThan 81
    }
}

Describe 'The example of <Cmdlet>: <Title>' -ForEach $examples {
    It 'runs' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Push-Location $folder
        try {
            $ErrorActionPreference = 'Stop'
            if ($Code -match 'Invoke-Pester') {
                # Pester inside Pester would mix their results.
                $pester = (Get-Module Pester).Path
                $script = "Import-Module '$(Get-ManifestPath)'; Import-Module '$pester'`n" +
                    "`$ErrorActionPreference = 'Stop'`n`$PesterPreference = @{ Run = @{ Throw = `$true } }`n$Code"
                $output = Invoke-NewProcess $script -Folder $folder
                $output -join "`n" -replace '\e\[[\d;]*m' | Should -Match 'Tests Passed: [1-9]\d*, Failed: 0'
            } else {
                & ([scriptblock]::Create($Code)) | Out-String -Width 80 | Should -Not -BeNullOrEmpty -Because 'an example shows something'
            }
        } finally {
            Pop-Location
        }
    }
}
