<#
.SYNOPSIS
    Turns the Markdown beside this script into the help that Get-Help reads.
.DESCRIPTION
    Text comes from <Cmdlet>.md; what the compiled cmdlets know themselves (syntax, types, defaults, pipeline input,
    wildcards, positions) comes from them, so that the two cannot disagree. One file per cmdlet:

        # Verb-Noun, and below it the synopsis
        ## Description
        ## Parameters        with ### Name for each; a last line "Default: …" replaces the property's own initial value
        ## Inputs            with ### Type for each
        ## Outputs           with ### Type for each
        ## Examples          with ### Title for each: a fenced block, then remarks
        ## Links             a list of cmdlets and [text](address)
#>
[CmdletBinding()]
param(
    # The module's manifest.
    [Parameter(Mandatory)] [string] $Manifest,
    # Where Get-Help looks: en-US beside the manifest.
    [Parameter(Mandatory)] [string] $OutputFolder
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
$maml = 'http://schemas.microsoft.com/maml/2004/10'
$command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
$dev = 'http://schemas.microsoft.com/maml/dev/2004/10'
$commonNames = [System.Management.Automation.Cmdlet]::CommonParameters
$standardText = @{
    WhatIf  = 'Says what would be written, and writes nothing.'
    Confirm = 'Asks before something is written.'
}

# Splits text at headings of one level: an ordered table of title to body; what stands before the first is under ''.
function Split-Section([string] $Text, [int] $Level) {
    $sections = [ordered]@{ '' = '' }
    $title = ''
    $isCode = $false
    foreach ($line in $Text -split "`r?`n") {
        if ($line.StartsWith('```')) { $isCode = -not $isCode }
        if (-not $isCode -and $line -match "^#{$Level} (.+)$") {
            $title = $Matches[1].Trim()
            $sections[$title] = ''
        } else {
            $sections[$title] += "$line`n"
        }
    }
    $sections
}

# Paragraphs without Markdown's marks, lines joined; a list item is a paragraph of its own.
function ConvertTo-Paragraph([string] $Text) {
    foreach ($block in $Text.Trim() -split '\n\s*\n|\n(?=- )') {
        $plain = ($block -replace '\s*\n\s*', ' ').Trim()
        $plain = $plain -replace '\[([^\]]+)\]\((http[^)]+)\)', '$1 ($2)' -replace '[`]|\*\*', ''
        if ($plain) { $plain }
    }
}

function Write-Paragraph([System.Xml.XmlWriter] $Xml, [string] $Element, [string] $Namespace, [string[]] $Text) {
    $Xml.WriteStartElement($Element, $Namespace)
    foreach ($paragraph in $Text) { $Xml.WriteElementString('para', $maml, $paragraph) }
    $Xml.WriteEndElement()
}

function Get-TypeName([type] $Type) {
    if ($Type -eq [switch]) { return 'SwitchParameter' }
    $nullable = [Nullable]::GetUnderlyingType($Type)
    ($nullable ?? $Type).Name
}

function Get-Position($Set) { $Set.Position -ge 0 ? "$($Set.Position)" : 'named' }

function Get-PipelineInput($Set) {
    $ways = @(
        if ($Set.ValueFromPipeline) { 'ByValue' }
        if ($Set.ValueFromPipelineByPropertyName) { 'ByPropertyName' }
    )
    $ways ? "True ($($ways -join ', '))" : 'False'
}

function Get-Default([object] $Instance, [System.Management.Automation.ParameterMetadata] $Parameter) {
    $holder = $Parameter.IsDynamic ? $Instance.GetDynamicParameters() : $Instance
    $property = $holder.GetType().GetProperty($Parameter.Name)
    if (-not $property) { return 'False' }
    $value = $property.GetValue($holder)
    if ($null -eq $value) { return 'None' }
    (@($value) | ForEach-Object { [Convert]::ToString($_, [cultureinfo]::InvariantCulture) }) -join ', '
}

function Write-Syntax([System.Xml.XmlWriter] $Xml, $Cmdlet) {
    $Xml.WriteStartElement('syntax', $command)
    foreach ($set in $Cmdlet.ParameterSets) {
        $Xml.WriteStartElement('syntaxItem', $command)
        $Xml.WriteElementString('name', $maml, $Cmdlet.Name)
        $ordered = $set.Parameters | Where-Object Name -NotIn $commonNames |
            Sort-Object { $_.Position -ge 0 ? $_.Position : [int]::MaxValue }, { -not $_.IsMandatory }, Name
        foreach ($parameter in $ordered) {
            $Xml.WriteStartElement('parameter', $command)
            $Xml.WriteAttributeString('required', $parameter.IsMandatory.ToString().ToLowerInvariant())
            $Xml.WriteAttributeString('position', (Get-Position $parameter))
            $Xml.WriteElementString('name', $maml, $parameter.Name)
            if ($parameter.ParameterType -ne [switch]) {
                $Xml.WriteStartElement('parameterValue', $command)
                $Xml.WriteAttributeString('required', 'true')
                $Xml.WriteString((Get-TypeName $parameter.ParameterType))
                $Xml.WriteEndElement()
            }
            $Xml.WriteEndElement()
        }
        $Xml.WriteEndElement()
    }
    $Xml.WriteEndElement()
}

function Write-Parameter([System.Xml.XmlWriter] $Xml, $Cmdlet, [System.Collections.IDictionary] $Text) {
    $instance = [Activator]::CreateInstance($Cmdlet.ImplementingType)
    $Xml.WriteStartElement('parameters', $command)
    foreach ($parameter in $Cmdlet.Parameters.Values | Where-Object Name -NotIn $commonNames | Sort-Object Name) {
        $body = $Text[$parameter.Name] ?? $standardText[$parameter.Name]
        if (-not $body) { throw "$($Cmdlet.Name).md has no text for -$($parameter.Name)." }
        $default = Get-Default $instance $parameter
        if ($body -match '(?m)^Default: (.+)$') {
            $default = ($Matches[1] -replace '`', '').TrimEnd('.')
            $body = $body -replace '(?m)^Default: .+$'
        }
        $set = @($parameter.ParameterSets.Values)[0]
        $wildcards = @($parameter.Attributes | Where-Object { $_ -is [SupportsWildcards] }).Count -gt 0
        $Xml.WriteStartElement('parameter', $command)
        $Xml.WriteAttributeString('required', $set.IsMandatory.ToString().ToLowerInvariant())
        $Xml.WriteAttributeString('globbing', $wildcards.ToString().ToLowerInvariant())
        $Xml.WriteAttributeString('pipelineInput', (Get-PipelineInput $set))
        $Xml.WriteAttributeString('position', (Get-Position $set))
        $Xml.WriteAttributeString('aliases', ($parameter.Aliases -join ', '))
        $Xml.WriteElementString('name', $maml, $parameter.Name)
        Write-Paragraph $Xml 'description' $maml (ConvertTo-Paragraph $body)
        $Xml.WriteStartElement('parameterValue', $command)
        $Xml.WriteAttributeString('required', ($parameter.ParameterType -ne [switch]).ToString().ToLowerInvariant())
        $Xml.WriteString((Get-TypeName $parameter.ParameterType))
        $Xml.WriteEndElement()
        $Xml.WriteStartElement('type', $dev)
        $Xml.WriteElementString('name', $maml, $parameter.ParameterType.ToString())
        $Xml.WriteEndElement()
        $Xml.WriteElementString('defaultValue', $dev, $default)
        $Xml.WriteEndElement()
    }
    foreach ($name in $Text.Keys) {
        if ($name -and -not $Cmdlet.Parameters.ContainsKey($name)) { throw "$($Cmdlet.Name) has no parameter -$name." }
    }
    $Xml.WriteEndElement()
}

function Write-TypeList([System.Xml.XmlWriter] $Xml, [string] $List, [string] $Item, [System.Collections.IDictionary] $Types) {
    $Xml.WriteStartElement($List, $command)
    foreach ($type in $Types.Keys | Where-Object { $_ }) {
        $Xml.WriteStartElement($Item, $command)
        $Xml.WriteStartElement('type', $dev)
        $Xml.WriteElementString('name', $maml, ($type -replace '`'))
        $Xml.WriteEndElement()
        Write-Paragraph $Xml 'description' $maml (ConvertTo-Paragraph $Types[$type])
        $Xml.WriteEndElement()
    }
    $Xml.WriteEndElement()
}

function Write-Example([System.Xml.XmlWriter] $Xml, [System.Collections.IDictionary] $Examples) {
    $Xml.WriteStartElement('examples', $command)
    $number = 0
    foreach ($title in $Examples.Keys | Where-Object { $_ }) {
        $number++
        if ($Examples[$title] -notmatch '(?s)```\w*\n(.+?)\n```(.*)$') { throw "The example '$title' has no fenced code." }
        $code, $remarks = $Matches[1], $Matches[2]
        $Xml.WriteStartElement('example', $command)
        $Xml.WriteElementString('title', $maml, "Example ${number}: $title")
        $Xml.WriteElementString('code', $dev, $code)
        Write-Paragraph $Xml 'remarks' $dev (ConvertTo-Paragraph $remarks)
        $Xml.WriteEndElement()
    }
    $Xml.WriteEndElement()
}

function Write-Link([System.Xml.XmlWriter] $Xml, [string] $Text) {
    $Xml.WriteStartElement('relatedLinks', $maml)
    foreach ($line in $Text -split "`n" | Where-Object { $_ -match '^- ' }) {
        $item = $line.Substring(2).Trim()
        $isAddress = $item -match '^\[(.+)\]\((.+)\)$'
        $Xml.WriteStartElement('navigationLink', $maml)
        $Xml.WriteElementString('linkText', $maml, ($isAddress ? $Matches[1] : $item))
        $Xml.WriteElementString('uri', $maml, ($isAddress ? $Matches[2] : ''))
        $Xml.WriteEndElement()
    }
    $Xml.WriteEndElement()
}

function Write-Command([System.Xml.XmlWriter] $Xml, $Cmdlet) {
    $path = Join-Path $PSScriptRoot "$($Cmdlet.Name).md"
    if (-not (Test-Path $path)) { throw "$($Cmdlet.Name) has no help: write $path." }
    $top = Split-Section (Split-Section (Get-Content -Raw -LiteralPath $path) 1)[$Cmdlet.Name] 2
    foreach ($section in 'Description', 'Outputs', 'Examples') {
        if (-not $top.Contains($section)) { throw "$path has no section '## $section'." }
    }
    $Xml.WriteStartElement('command', 'command', $command)
    $Xml.WriteAttributeString('xmlns', 'maml', $null, $maml)
    $Xml.WriteAttributeString('xmlns', 'dev', $null, $dev)
    $Xml.WriteStartElement('details', $command)
    $Xml.WriteElementString('name', $command, $Cmdlet.Name)
    $Xml.WriteElementString('verb', $command, $Cmdlet.Verb)
    $Xml.WriteElementString('noun', $command, $Cmdlet.Noun)
    Write-Paragraph $Xml 'description' $maml (ConvertTo-Paragraph $top[''])
    $Xml.WriteEndElement()
    Write-Paragraph $Xml 'description' $maml (ConvertTo-Paragraph $top['Description'])
    Write-Syntax $Xml $Cmdlet
    Write-Parameter $Xml $Cmdlet (Split-Section ($top['Parameters'] ?? '') 3)
    Write-TypeList $Xml 'inputTypes' 'inputType' (Split-Section ($top['Inputs'] ?? '') 3)
    Write-TypeList $Xml 'returnValues' 'returnValue' (Split-Section $top['Outputs'] 3)
    Write-Example $Xml (Split-Section $top['Examples'] 3)
    Write-Link $Xml ($top['Links'] ?? '')
    $Xml.WriteEndElement()
}

$module = Import-Module $Manifest -PassThru
[void] (New-Item -ItemType Directory -Force $OutputFolder)
$target = Join-Path $OutputFolder 'LogitSeparation.PowerShell.dll-Help.xml'
$settings = [System.Xml.XmlWriterSettings]@{ Indent = $true; Encoding = [System.Text.UTF8Encoding]::new($false) }
$xml = [System.Xml.XmlWriter]::Create("$target.new", $settings)
try {
    $xml.WriteStartElement('helpItems', 'http://msh')
    $xml.WriteAttributeString('schema', 'maml')
    foreach ($cmdlet in $module.ExportedCmdlets.Values | Sort-Object Name) { Write-Command $xml $cmdlet }
    $xml.WriteEndElement()
} finally {
    $xml.Dispose()
}
Move-Item -Force -LiteralPath "$target.new" $target
Copy-Item "$PSScriptRoot/about_*.help.txt" $OutputFolder
