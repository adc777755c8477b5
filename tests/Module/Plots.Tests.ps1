# Pictures and reports as users make them.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $models = Get-SlcDataset | Start-SlcTraining CE, BatchCE -Step 20 -HiddenUnit 16
}

Describe 'Export-SlcPlot' {
    BeforeEach {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Push-Location $folder
    }
    AfterEach { Pop-Location }

    It 'draws <_> as PNG and SVG' -ForEach 'Logits', 'PrecisionRecall', 'Training', 'Margin', 'LearningRate', 'Comparison' {
        $file = $models | Export-SlcPlot a.png $_ -PassThru
        $file.Length | Should -BeGreaterThan 5000
        [IO.File]::ReadAllBytes($file)[1..3] | Should -Be ([byte[]] [char[]] 'PNG')
        $models | Export-SlcPlot a.svg $_ -Theme Dark -Width 500 -Height 300
        ([xml] (Get-Content -Raw a.svg)).svg.viewBox | Should -Be '0 0 500 300'
    }

    It 'takes logits, one class, and rows of properties' {
        $models | Get-SlcLogit | Export-SlcPlot a.png -Class 7
        Test-Path a.png | Should -BeTrue
        1, 2 | ForEach-Object { [pscustomobject] @{ Loss = 'CE'; LearningRate = $_ / 10; Auprc = 0.9 } } | Export-SlcPlot b.png LearningRate
        Test-Path b.png | Should -BeTrue
    }

    It 'takes what was configured and measured from the parts of an object' {
        $trials = foreach ($model in $models) {
            [pscustomobject] @{
                Configuration = [pscustomobject] @{ Loss = $model.Loss; LearningRate = 0.5; Seed = 3 }
                Metrics = $model | Measure-SlcMetrics
                Separation = $model | Test-SlcSeparation
                History = $model.History
            }
        }
        foreach ($kind in 'LearningRate', 'Training', 'Margin', 'Comparison') { $trials | Export-SlcPlot "$kind.png" $kind }
        (Get-ChildItem *.png).Count | Should -Be 4
        $trials | Export-SlcReport a.csv
        $rows = Import-Csv a.csv
        $rows.Seed | Should -Be '3', '3'
        $rows.LearningRate | Should -Be '0.5', '0.5'
        [double] $rows[1].Margin | Should -Be $trials[1].Separation.Margin
    }

    It 'writes nothing with -WhatIf, and says what it cannot draw' {
        $models | Export-SlcPlot a.png Training -WhatIf
        Test-Path a.png | Should -BeFalse
        { $models | Export-SlcPlot a.bmp } | Should -Throw -ErrorId 'FigureFormatUnknown,*'
        { 'text' | Export-SlcPlot a.png Comparison } | Should -Throw -ErrorId 'InputUnsuitable,*'
        { $models | Export-SlcPlot a.png -Class x } | Should -Throw -ErrorId 'UnknownClass,*'
        $models | Export-SlcPlot new/a.png Training -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'NotWritable,*'
        $models | Export-SlcPlot new/a.png Training -Force
        Test-Path new/a.png | Should -BeTrue
    }

    It 'finds its native library in the folder of the core' {
        $null = $models | Export-SlcPlot a.png Training
        $loaded = @([Diagnostics.Process]::GetCurrentProcess().Modules.FileName -match 'libSkiaSharp')
        $loaded | Should -HaveCount 1
        Split-Path $loaded[0] | Should -Be (Join-Path (Get-RepositoryRoot) 'module/bin/core')
    }
}

Describe 'Export-SlcReport' {
    It 'writes <_>' -ForEach 'md', 'html', 'tex', 'csv', 'json' {
        $file = $models | Export-SlcReport (Join-Path $TestDrive "report.$_") -Title 'Two losses' -PassThru
        $text = Get-Content -Raw $file
        $text | Should -Match ([regex]::Escape($models[0].DatasetIdentity.Checksum))
        $text | Should -Match 'BatchCE'
    }

    It 'gives numbers that other commands read' {
        $path = Join-Path $TestDrive 'numbers.csv'
        $models | Export-SlcReport $path
        $rows = Import-Csv $path
        $rows.Loss | Should -Be 'CE', 'CE', 'BatchCE'
        [double] $rows[2].Auprc | Should -Be ($models[1] | Measure-SlcMetrics).Auprc
        $rows | Export-SlcPlot (Join-Path $TestDrive 'rows.png') Comparison
        Test-Path (Join-Path $TestDrive 'rows.png') | Should -BeTrue
    }
}

Describe 'The view of measures' {
    It 'has the best of each column in bold, and nothing of it in the values' {
        $metrics = $models | Measure-SlcMetrics
        $worse, $better = $metrics | Sort-Object Auprc
        $rendering = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'Ansi'
            $text = $metrics | Out-String -Width 80
        } finally {
            $PSStyle.OutputRendering = $rendering
        }
        $bold = "`e[1m" + (1 - $better.Auprc).ToString('f4')
        $text.Contains($bold) | Should -BeTrue
        $text.Contains("`e[1m" + (1 - $worse.Auprc).ToString('f4')) | Should -BeFalse
        $better.Auprc | Should -BeOfType [double]
        ($metrics[0] | Out-String -Width 200) -replace '\x1b\[[0-9;]*m' | Should -Match '1-Prec@0.99'
    }

    It 'is plain where NO_COLOR is set' {
        $metrics = $models | Measure-SlcMetrics
        $env:NO_COLOR = '1'
        try {
            ($metrics | Format-Table | Out-String).Contains("`e[1m") | Should -BeFalse
        } finally {
            Remove-Item Env:NO_COLOR
        }
    }
}

Describe 'A history' {
    It 'is drawn from its points, and from rows of a CSV file' {
        Push-Location $TestDrive
        try {
            $models[0].History | Export-SlcPlot points.svg Training
            $models[0].History | Export-Csv history.csv
            Import-Csv history.csv | Export-SlcPlot rows.svg Training
            # Clip paths are named by chance.
            (Get-Content -Raw rows.svg) -replace 'cl_[0-9a-f]+' | Should -Be ((Get-Content -Raw points.svg) -replace 'cl_[0-9a-f]+')
            [pscustomobject]@{ Loss = 'CE'; Dataset = 'Digits'; History = @($models[0].History) } | Export-SlcPlot object.svg Training
            (Get-Item object.svg).Length | Should -BeGreaterThan 1000
        } finally {
            Pop-Location
        }
    }
}
