# What independent software says of the golden cases, against what the public cmdlets say of the same logits in a file.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    $cases = Get-GoldenCase
}

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)

    function Assert-Close($Actual, $Expected, [double] $Tolerance, [string] $What) {
        if ($null -eq $Expected) {
            $Actual | Should -BeNullOrEmpty -Because "$What has no value"
            return
        }
        $limit = $Tolerance * [Math]::Max(1, [Math]::Abs($Expected))
        [Math]::Abs($Actual - $Expected) | Should -BeLessOrEqual $limit -Because "$What is $Actual and should be $Expected"
    }
}

Describe 'The golden case <Name>' -ForEach $cases {
    BeforeAll {
        $isThere = $null -ne $Path
        if ($isThere) {
            $case = Read-GoldenCase $Path
            $file = Join-Path $TestDrive "$Name.npz"
            New-LogitFile $file $case.logits $case.labels
            $logits = Import-SlcLogit $file
        }
    }

    It 'has the shape that was written' {
        if (-not $isThere) { Set-ItResult -Skipped -Because "../shared/golden/$Name.json is not there"; return }
        $logits.Count | Should -Be $case.labels.Count
        $logits.ClassCount | Should -Be $case.logits[0].Count
        $logits.IsDouble | Should -BeTrue
    }

    It 'has the values of all losses' {
        if (-not $isThere) { Set-ItResult -Skipped -Because "../shared/golden/$Name.json is not there"; return }
        $measured = $logits | Measure-SlcLoss
        @($measured).Count | Should -Be 7
        foreach ($loss in $measured) { Assert-Close $loss.Value $case.losses.($loss.Loss).value 1e-12 $loss.Loss }
    }

    It 'has the losses of a float32 file' {
        if (-not $isThere) { Set-ItResult -Skipped -Because "../shared/golden/$Name.json is not there"; return }
        $single = Join-Path $TestDrive "$Name-single.npz"
        New-LogitFile $single $case.logits $case.labels -Single
        foreach ($loss in Import-SlcLogit $single | Measure-SlcLoss) {
            Assert-Close $loss.Value $case.losses.($loss.Loss).value 1e-5 $loss.Loss
        }
    }

    It 'has the metrics' {
        if (-not $isThere) { Set-ItResult -Skipped -Because "../shared/golden/$Name.json is not there"; return }
        $metrics = $logits | Measure-SlcMetrics
        Assert-Close $metrics.Auprc $case.metrics.mean_ap 1e-12 'Auprc'
        Assert-Close $metrics.PrecisionAt90 $case.metrics.mean_p90 1e-12 'PrecisionAt90'
        Assert-Close $metrics.PrecisionAt99 $case.metrics.mean_p99 1e-12 'PrecisionAt99'
        Assert-Close $metrics.Accuracy $case.metrics.accuracy 1e-12 'Accuracy'
        for ($j = 0; $j -lt $logits.ClassCount; $j++) {
            Assert-Close $metrics.Class[$j].Auprc $case.metrics.ap[$j] 1e-12 "Auprc of class $j"
            Assert-Close $metrics.Class[$j].AuprcTrapezoid $case.metrics.trapezoid[$j] 1e-12 "trapezoid of class $j"
            Assert-Close $metrics.Class[$j].PrecisionAt90 $case.metrics.p90[$j] 1e-12 "PrecisionAt90 of class $j"
            Assert-Close $metrics.Class[$j].PrecisionAt99 $case.metrics.p99[$j] 1e-12 "PrecisionAt99 of class $j"
        }
    }

    It 'has the separation report' {
        if (-not $isThere) { Set-ItResult -Skipped -Because "../shared/golden/$Name.json is not there"; return }
        $report = $logits | Test-SlcSeparation
        $expected = $case.metrics.separation
        $report.Holds | Should -Be $expected.holds
        $report.MinTrueLogit | Should -Be $expected.min_true
        $report.MaxFalseLogit | Should -Be $expected.max_false
        $report.ViolatingPairs | Should -Be $expected.violating_pairs
        $report.Pairs | Should -Be $expected.pairs
        $logits | Test-SlcSeparation -Quiet | Should -Be $expected.holds
    }

    It 'is the same after Export-SlcLogit and Import-SlcLogit' {
        if (-not $isThere) { Set-ItResult -Skipped -Because "../shared/golden/$Name.json is not there"; return }
        $copy = Join-Path $TestDrive "$Name-copy.npz"
        $logits | Export-SlcLogit $copy
        $again = Import-SlcLogit $copy
        $again.DoubleLogits.ToArray() | Should -Be $logits.DoubleLogits.ToArray()
        $again.Labels.ToArray() | Should -Be $logits.Labels.ToArray()
    }
}

Describe 'Test-SlcSeparation -ByClass' {
    BeforeAll {
        # Class a is separated from 2 on; of class b one example lies below a false logit; the third example is in nobody's way.
        $file = Join-Path $TestDrive 'classes.npz'
        New-LogitFile $file -Logits @((3, 1), (2, 2.5), (1, 4), (0, 1.5)) -Labels 0, 0, 1, 1
        $report = Import-SlcLogit $file | Test-SlcSeparation -ByClass
    }

    It 'gives each class a verdict of its own' {
        $report.Holds | Should -BeFalse
        $report.HoldsByClass | Should -BeFalse
        $report.Class.Holds | Should -Be $true, $false
        $report.Class.Margin | Should -Be 1, -1
        $report.Class.ViolatingPairs | Should -Be 0, 1
        Import-SlcLogit $file | Test-SlcSeparation -ByClass -Quiet | Should -BeFalse
    }

    It 'names the examples that stand in the way' {
        $report.Removal | Should -Be 1
        $report.UniformAccuracy | Should -Be 0.75
        $report.UniformThreshold | Should -BeGreaterOrEqual 1
        $report.UniformThreshold | Should -BeLessThan 1.5
    }

    It 'shows a table that fits 80 columns' {
        $lines = ($report.Class | Format-Table | Out-String -Width 80) -split '\r?\n'
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
        "$lines" | Should -Match '-1\.000'
        "$lines" | Should -Not -Match '…'
    }
}
