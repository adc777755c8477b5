# The experiments under examples run, with few steps on the data set that comes with the module, and leave whole tables.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    $examples = Join-Path (Get-RepositoryRoot) 'examples'
    $losses = 'CE', 'MaxMargin', 'SelfNorm', 'NCE', 'BinaryCE', 'BatchCE', 'BatchMaxMargin'
    $measures = 'Auprc', 'PrecisionAt90', 'PrecisionAt99', 'Accuracy'

    function Invoke-Example([string] $Arguments) {
        $lines = Invoke-NewProcess "`$ErrorActionPreference = 'Stop'`nSet-Location '$examples'`n& ./$Arguments`n'reached the end'"
        @($lines | Where-Object { $_.Trim() })[-1] | Should -Be 'reached the end' -Because ($lines -join "`n")
        $lines -join "`n"
    }

    # Every measure of every line is a share of one that a model can have.
    function Assert-Measure($Rows) {
        foreach ($row in $Rows) {
            foreach ($measure in $measures) {
                [double] $row.$measure | Should -BeGreaterThan 0 -Because "$row"
                [double] $row.$measure | Should -BeLessOrEqual 1 -Because "$row"
            }
        }
    }
}

Describe 'compare-losses.ps1' {
    It 'prints a table for each seed and the means, and writes every number' {
        $file = Join-Path $TestDrive 'compare.csv'
        $text = Invoke-Example "compare-losses.ps1 -Dataset Digits -Step 5 -Seed 3, 4 -OutFile '$file'"
        $text | Should -Match 'Seed 3'
        $text | Should -Match 'CE, all logits'
        $rows = Import-Csv $file
        $rows.Count | Should -Be 16
        foreach ($seed in '3', '4') {
            ($rows | Where-Object { $_.Seed -eq $seed -and $_.Score -eq 'SingleLogit' }).Loss | Should -Be $losses
            ($rows | Where-Object { $_.Seed -eq $seed -and $_.Score -eq 'AllLogits' }).Loss | Should -Be 'CE'
        }
        Assert-Measure $rows
    }
}

Describe 'table1.ps1' {
    It 'chooses a rate for each loss, trains with it, and does nothing twice' {
        $sweep, $file = (Join-Path $TestDrive 'table1'), (Join-Path $TestDrive 'table1.csv')
        $arguments = "table1.ps1 -Dataset Digits -Step 8 -SearchStep 4 -SweepPath '$sweep' -OutFile '$file'"
        $null = Invoke-Example $arguments
        $rows = Import-Csv $file
        $rows.Loss | Should -Be ($losses[0], 'CE' + $losses[1..6])
        foreach ($row in $rows) { [double] $row.LearningRate | Should -BeIn 1, 0.1, 0.01, 0.001 }
        Assert-Measure $rows
        $written = Get-ChildItem -Recurse -File $sweep -Filter done | Sort-Object FullName | ForEach-Object LastWriteTimeUtc
        $written.Count | Should -Be (7 * 4 + 7)

        $null = Invoke-Example $arguments
        Get-ChildItem -Recurse -File $sweep -Filter done | Sort-Object FullName | ForEach-Object LastWriteTimeUtc | Should -Be $written
        Import-Csv $file | ConvertTo-Json | Should -Be ($rows | ConvertTo-Json)
    }

    It 'lists what it would do, and does none of it' {
        $sweep = Join-Path $TestDrive 'whatif'
        Invoke-Example "table1.ps1 -Dataset Digits -Quick -SweepPath '$sweep' -WhatIf" | Should -Match '2000 steps'
        Test-Path $sweep | Should -BeFalse
    }
}

Describe 'Complete-Trial' {
    It 'gives back trials that ended, and makes nothing of a sweep that was stopped' {
        $sweep = Join-Path $TestDrive 'stopped'
        $plan = "`$plan = Get-SlcDataset | Start-SlcSweep CE -LearningRate 0.1, 1e30 -Step 3 -BatchSize 8 -Path '$sweep' -CreateOnly"
        $lines = Invoke-NewProcess @"
Import-Module '$(Get-RepositoryRoot)/LogitSeparation.psd1'
. '$examples/Complete-Trial.ps1'
$plan
function Resume-SlcSweep { Write-Warning 'stopped' }
try { Complete-Trial -ThrottleLimit 0 -Device cpu `$plan } catch { "refused: `$_" }
Remove-Item function:Resume-SlcSweep
"ended: `$((Complete-Trial -ThrottleLimit 0 -Device cpu `$plan).State | Sort-Object)"
"@
        $text = $lines -join "`n"
        $text | Should -Match 'refused: 2 of 2 trials have not ended'
        $text | Should -Match 'ended: Done Failed'
        $text | Should -Match 'WARNING: .*1E\+30.*'
    }

    It 'finds a wrong name before anything is trained' {
        $sweep = Join-Path $TestDrive 'wrong'
        $text = (Invoke-NewProcess "try { & '$examples/table1.ps1' -Dataset Digits, Digitz -Step 2 -SweepPath '$sweep' } catch { `"refused: `$_`" }") -join "`n"
        $text | Should -Match 'refused: .*Digitz'
        Test-Path $sweep | Should -BeFalse
    }
}

Describe 'ablation.ps1' {
    It 'varies each choice alone, and says which is the default' {
        $sweep, $file = (Join-Path $TestDrive 'ablation'), (Join-Path $TestDrive 'ablation.csv')
        $text = Invoke-Example "ablation.ps1 -Dataset Digits -Step 2 -SweepPath '$sweep' -OutFile '$file'"
        $text | Should -Match '128 \(default\)'
        $rows = Import-Csv $file
        $counts = $rows | Group-Object Parameter -AsHashTable
        $counts['BatchSize'].Count | Should -Be 35
        $counts['Alpha'].Loss | Select-Object -Unique | Should -Be 'SelfNorm'
        $counts['Gamma'].Count | Should -Be 6
        ($counts['NoisePrior'].Value | Sort-Object) | Should -Be 'ClassFrequency', 'Uniform'
        Assert-Measure $rows
    }
}

Describe 'many-classes.ps1' {
    It 'trains with each loss for about as long, and writes every number' {
        $file = Join-Path $TestDrive 'many.csv'
        $text = Invoke-Example "many-classes.ps1 -ClassCount 400 -Dimension 16 -HiddenUnit 16 -Second 1 -SampleCount 2 -TestCount 400 -OutFile '$file'"
        $text | Should -Match 'AllLogits'
        $rows = Import-Csv $file
        $rows.Loss | Should -Be 'NCE', 'BinaryCE', 'PriorBCE', 'BatchCE', 'CE', 'CE'
        $rows.SampleCount | Should -Be '2', '2', '2', '', '', ''
        foreach ($row in $rows) {
            [int] $row.Step | Should -BeGreaterThan 0
            [double] $row.Seconds | Should -BeGreaterThan 0

            # So few steps may leave no example right.
            [double] $row.Auprc | Should -BeGreaterThan 0
            [double] $row.Auprc | Should -BeLessOrEqual 1
        }
    }
}

Describe 'add-class.ps1' {
    It 'compares one row with a whole head, and writes every number' {
        $file = Join-Path $TestDrive 'add-class.csv'
        $text = Invoke-Example "add-class.ps1 -ClassCount 2 -ExampleCount 5 -Step 60 -HeadStep 60 -OutFile '$file'"
        $text | Should -Match 'whole head'
        $rows = Import-Csv $file
        $rows.Way | Should -Be 'one row', 'whole head', 'one row', 'whole head'
        $rows.Class | Should -Be 2, 2, 7, 7
        foreach ($row in $rows) {
            [double] $row.Precision | Should -BeLessOrEqual 1 -Because "$row"
            [double] $row.Recall | Should -BeGreaterThan 0 -Because "$row"
            [double] $row.Recall | Should -BeLessOrEqual 1 -Because "$row"
        }
    }
}

Describe 'thresholds.ps1' {
    It 'says of each class what became of the precision, and writes every number' {
        $file = Join-Path $TestDrive 'thresholds.csv'
        $text = Invoke-Example "thresholds.ps1 -Dataset Digits -Step 300 -Loss BatchCE,CE -Precision 0.9 -Confidence 0.8 -OutFile '$file'"
        $text | Should -Match 'promised'
        $rows = Import-Csv $file
        $rows.Count | Should -Be 40
        ($rows.Loss | Sort-Object -Unique) | Should -Be 'BatchCE', 'CE'
        foreach ($group in $rows | Group-Object Loss, Way) { $group.Group.Class | Should -Be (0..9) }
        $reached = $rows | Where-Object Way -NE promised
        foreach ($row in $reached) {
            [double] $row.ValidationPrecision | Should -BeGreaterOrEqual 0.9
            [double] $row.TestRecall | Should -BeGreaterThan 0
        }

        # A promise is never cheaper than what is reached on the examples at hand, and a class without one has no threshold.
        foreach ($row in $rows | Where-Object Way -EQ promised) {
            $plain = $reached | Where-Object { $_.Loss -eq $row.Loss -and $_.Class -eq $row.Class }
            if ($row.ValidationSelected) { [int] $row.ValidationSelected | Should -BeLessOrEqual ([int] $plain.ValidationSelected) }
            else { [double] $row.TestRecall | Should -Be 0 }
        }
    }
}

Describe 'latency.ps1' {
    It 'prints how flat one logit is, and writes all numbers and a picture' {
        $file, $picture = (Join-Path $TestDrive 'latency.csv'), (Join-Path $TestDrive 'latency.png')
        $text = Invoke-Example "latency.ps1 -ClassCount 10, 300 -FeatureCount 64 -Repetition 3 -OutFile '$file' -PlotFile '$picture'"
        $text | Should -Match '64 features, batch 1, caches cold:'
        $text | Should -Match 'OneLogit .* \d+\.\d\d'
        $rows = Import-Csv $file
        $rows.Count | Should -Be (8 * 2 * 2)
        ($rows | Where-Object Method -EQ OneLogit).MultiplyAddCount | Sort-Object -Unique | Should -Be '64'
        (Get-Item $picture).Length | Should -BeGreaterThan 5000
    }
}
