# Find-SlcMatch over pictures, rows and indexes, as users ask for it; what it computes is tested in the core.

BeforeDiscovery {
    $shared = [IO.Path]::GetFullPath("$PSScriptRoot/../../../shared/data")
    $hasPictures = (Test-Path "$shared/imagenet/train") -and (Test-Path "$shared/tiny-imagenet-200/val")
}

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $shared = Join-Path (Get-RepositoryRoot) '../shared/data'
    $data = Get-SlcDataset
    $model = $data | Start-SlcTraining BatchCE -Step 150 -HiddenUnit 32
    $model | Measure-SlcThreshold | Set-SlcThreshold $model

    # A bitmap of 24 bits of a digit's pixels, as large as asked: 8 x 8 pixels of 0 to 16.
    function Write-Digit([string] $Path, [float[]] $Pixel, [int] $Scale) {
        $side = 8 * $Scale
        $bytes = [byte[]]::new(54 + 3 * $side * $side)
        $bytes[0], $bytes[1] = 0x42, 0x4D
        foreach ($field in @{ 2 = $bytes.Length; 10 = 54; 14 = 40; 18 = $side; 22 = $side }.GetEnumerator()) {
            [BitConverter]::GetBytes([int] $field.Value).CopyTo($bytes, $field.Key)
        }
        $bytes[26], $bytes[28] = 1, 24
        for ($y = 0; $y -lt $side; $y++) {
            for ($x = 0; $x -lt $side; $x++) {
                $value = $Pixel[8 * [Math]::Floor($y / $Scale) + [Math]::Floor($x / $Scale)]
                foreach ($c in 0..2) { $bytes[54 + 3 * (($side - 1 - $y) * $side + $x) + $c] = $value }
            }
        }
        [IO.File]::WriteAllBytes($Path, $bytes)
    }

    $folder = (New-Item -ItemType Directory "$TestDrive/digits/inner").Parent.FullName
    foreach ($i in 0..19) { Write-Digit "$folder/$($i.ToString('00')).bmp" $data.Test.Example($i) 1 }
    Write-Digit "$folder/inner/20.bmp" $data.Test.Example(20) 3
    'no picture at all' | Set-Content "$folder/05b.jpg"
    'a note' | Set-Content "$folder/readme.txt"
    $labels = $data.Test.Labels.ToArray()
    $all = @{ Model = $model; Class = '0'; Threshold = -1e9 }
}

Describe 'Matches in a data set' {
    It 'have the probability that the model carries, and say how it was calibrated' {
        $found = @($model | Find-SlcMatch 3, 7)
        $found.Count | Should -BeGreaterThan 20
        $found.Calibration | Sort-Object -Unique | Should -Be 'Platt'
        ($found.Probability | Measure-Object -Minimum).Minimum | Should -BeGreaterThan 0.1
        $everything = @($model | Find-SlcMatch 3 -Threshold -1e9)
        $share = @($everything | Where-Object IsTrue).Count / $everything.Count
        [Math]::Abs($share - ($everything.Probability | Measure-Object -Average).Average) | Should -BeLessThan 0.03
        $isotonic = $model | Measure-SlcThreshold 3 -Calibration Isotonic | Find-SlcMatch -Model $model
        $isotonic.Calibration | Sort-Object -Unique | Should -Be 'Isotonic'
        ($model | Measure-SlcThreshold 3 -Calibration None).Calibration | Should -BeNullOrEmpty
        ($model | Measure-SlcThreshold -Uniform).Calibration | Should -BeNullOrEmpty
    }

    It 'are not found in numbers that are no rows of the model''s, or no numbers' {
        $ErrorActionPreference = 'Stop'
        { Find-SlcMatch @all -Feature ([float[,]]::new(2, 32)) } | Should -Throw -ErrorId 'ExampleShapeMismatch*'
        @(Find-SlcMatch @all -Feature ([float[,]]::new(2, 64))).Count | Should -Be 2
        { Find-SlcMatch @all -Feature (@('') * 64) } | Should -Throw -ErrorId 'FeatureRowInvalid*'
        { Find-SlcMatch @all -Feature (@($null) * 64) } | Should -Throw
    }

    It 'are found once in pictures whose folders come too, and without following links' {
        $null = New-Item -ItemType SymbolicLink "$TestDrive/digits/inner/loop" -Target "$TestDrive/digits" -ErrorAction Ignore
        $given = @{ ErrorAction = 'SilentlyContinue' }
        @(Get-ChildItem $folder -Recurse | Find-SlcMatch @all @given).Count | Should -Be 21
        @(Find-SlcMatch @all -Path $folder -Recurse @given).Count | Should -Be 21
        @(Get-Item $folder | Find-SlcMatch @all @given).Count | Should -Be 20
        Remove-Item "$TestDrive/digits/inner/loop" -ErrorAction Ignore
    }

    It 'keep their calibration in the model''s file' {
        $model | Export-SlcModel "$TestDrive/model.safetensors"
        $back = Import-SlcModel "$TestDrive/model.safetensors"
        ($back | Find-SlcMatch 3 -Top 3).Probability | Should -Be ($model | Find-SlcMatch 3 -Top 3).Probability
    }

    It 'are counted in multiply-adds, of the trunk and the rows asked for' {
        $verbose = $model | Find-SlcMatch 3, 7 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $network = Get-SlcNetwork MLP -InputShape 1, 8, 8 -HiddenUnit 32 -ClassCount 10
        $each = $network.SingleLogitMultiplyAddCount + 32
        "$verbose" | Should -Match "^$($data.Test.Count) examples, $($each * $data.Test.Count) multiply-adds"
    }
}

Describe 'Matches in pictures' {
    It 'are those of the same numbers; what is no picture is an error, and the rest go on' {
        $found = @(Find-SlcMatch @all -Path $folder -ErrorVariable errors -ErrorAction SilentlyContinue)
        $errors.Count | Should -Be 1
        $errors[0].FullyQualifiedErrorId | Should -Match '^PictureDamaged,'
        "$($errors[0])" | Should -Match '05b\.jpg'
        $found.Count | Should -Be 20
        $expected = @(Find-SlcMatch @all -Feature (0..19 | ForEach-Object { , $data.Test.Example($_) }))
        foreach ($i in 0..19) { [Math]::Abs($found[$i].Logit - $expected[$i].Logit) | Should -BeLessThan 1e-4 }
        [IO.Path]::GetFileName($found[7].Path) | Should -Be '07.bmp'
        $found[7].Index | Should -Be 8
    }

    It 'come from folders in folders, in any size' {
        $found = @(Find-SlcMatch @all -Path $folder -Recurse -ErrorAction SilentlyContinue)
        $found.Count | Should -Be 21
        $expected = Find-SlcMatch @all -Feature $data.Test.Example(20)
        ($found | Where-Object Path -Match '20\.bmp').Logit | Should -BeGreaterThan ($expected.Logit - 1)
    }

    It 'come from the pipeline, the best of all of them first' {
        $files = Get-ChildItem $folder -Recurse -Filter *.bmp
        $found = @($files | Find-SlcMatch @all)
        $found.Path | Should -Be $files.FullName
        $best = @($files | Find-SlcMatch @all -Top 3)
        $best.Logit | Should -Be @($found.Logit | Sort-Object -Descending | Select-Object -First 3)
        @($files | Find-SlcMatch @all | Select-Object -First 2).Count | Should -Be 2
    }

    It 'are shown with their files' {
        $text = Find-SlcMatch @all -Path $folder -Top 2 -ErrorAction SilentlyContinue | Out-String -Width 120
        $text | Should -Match 'Prob\.'
        $text | Should -Match '\.bmp'
    }

    It 'are not looked for where there are none' {
        { Find-SlcMatch @all -Path "$folder/none" -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound*'
        (New-Item -ItemType Directory "$TestDrive/empty").FullName | ForEach-Object { { Find-SlcMatch @all -Path $_ -ErrorAction Stop } | Should -Throw -ErrorId 'PicturesMissing*' }
        $flat = Get-SlcDataset Synthetic -ClassCount 3 -Dimension 5 -TrainCount 60 -TestCount 9 | Start-SlcTraining CE -Step 3 -BatchSize 8 -HiddenUnit 4
        { Find-SlcMatch 0 -Model $flat -Threshold 0 -Path $folder } | Should -Throw -ErrorId 'PicturesNotTaken*'
    }
}

Describe 'Matches in rows of numbers' {
    It 'takes one row, rows, and tables' {
        $row = $data.Test.Example(0)
        $expected = (Find-SlcMatch @all | Select-Object -First 1).Logit
        foreach ($given in $row, @($row | ForEach-Object { [int] $_ }), @($row, $row)) {
            foreach ($match in Find-SlcMatch @all -Feature $given) { [Math]::Abs($match.Logit - $expected) | Should -BeLessThan 1e-4 }
        }
        @(Find-SlcMatch @all -Feature $row).Count, @(Find-SlcMatch @all -Feature $row, $row).Count | Should -Be 1, 2
        $table = [double[, ]]::new(2, 64)
        foreach ($i in 0..63) { $table[0, $i] = $table[1, $i] = $row[$i] }
        @(Find-SlcMatch @all -Feature $table).Index | Should -Be 0, 1
    }

    It 'takes a .csv file, whose column label says what is true' {
        "label,$((0..63 | ForEach-Object { "p$_" }) -join ',')", "3,$($data.Test.Example(0) -join ',')", "$($data.ClassNames[$labels[1]]),$($data.Test.Example(1) -join ',')" |
            Set-Content "$TestDrive/rows.csv"
        $found = @(Find-SlcMatch 3 -Model $model -Threshold -1e9 -Feature "$TestDrive/rows.csv")
        $expected = @(Find-SlcMatch 3 -Model $model -Threshold -1e9 | Select-Object -First 2)
        foreach ($i in 0, 1) { [Math]::Abs($found[$i].Logit - $expected[$i].Logit) | Should -BeLessThan 1e-4 }
        $found.IsTrue | Should -Be $true, ($data.ClassNames[$labels[1]] -eq '3')
        ($model | New-SlcIndex "$TestDrive/csv.slcindex" -Feature "$TestDrive/rows.csv").Source | Should -BeLike '*rows.csv'
        'a,b', '1,x' | Set-Content "$TestDrive/wrong.csv"
        { Find-SlcMatch @all -Feature "$TestDrive/wrong.csv" -ErrorAction Stop } | Should -Throw -ErrorId 'CsvFileDamaged*' -ExpectedMessage '*line 2*'
    }

    It 'refuses <Text>' -ForEach @(
        @{ Text = 'rows of another length'; Id = 'ExampleShapeMismatch'; Rows = @(, @(1, 2, 3)) }
        @{ Text = 'words'; Id = 'FeatureRowInvalid'; Rows = @(, @('one', 'two')) }
        @{ Text = 'NaN'; Id = 'FeatureRowInvalid'; Rows = @([double]::NaN) * 64 }
    ) {
        { Find-SlcMatch @all -Feature $Rows } | Should -Throw -ErrorId "$Id*"
    }
}

Describe 'An index of features' {
    It 'answers as the model does' {
        $index = $model | New-SlcIndex "$TestDrive/a.slcindex"
        $index.Count | Should -Be $data.Test.Count
        $index.Source | Should -Be 'Digits Test'
        $found = @($model | Find-SlcMatch 3 -Index $index)
        $expected = @($model | Find-SlcMatch 3)
        $found.Index | Should -Be $expected.Index
        $found.IsTrue | Should -Be $expected.IsTrue
        foreach ($i in 0..($found.Count - 1)) { [Math]::Abs($found[$i].Logit - $expected[$i].Logit) | Should -BeLessThan 1e-4 }
        @($model | Find-SlcMatch 3 -Index $index -Top 4).Logit | Should -Be @($found.Logit | Sort-Object -Descending | Select-Object -First 4)
        ($index | Out-String) | Should -Match 'a\.slcindex'
    }

    It 'states how far a logit may be off, and keeps to it' -ForEach 'F16', 'I8' {
        $index = $model | New-SlcIndex "$TestDrive/$_.slcindex" -Type $_
        $index.Length | Should -BeLessThan (Get-SlcIndex "$TestDrive/a.slcindex").Length
        $found = @($model | Find-SlcMatch 3 -Threshold -1e9 -Index $index)
        $expected = @($model | Find-SlcMatch 3 -Threshold -1e9)
        foreach ($i in 0..($found.Count - 1)) { [Math]::Abs($found[$i].Logit - $expected[$i].Logit) | Should -BeLessOrEqual ($found[$i].LogitError + 1e-4) }
    }

    It 'grows by pictures from the pipeline' {
        $index = Get-ChildItem $folder -File -Recurse | New-SlcIndex "$TestDrive/a.slcindex" -Model $model -Append -ErrorVariable errors -ErrorAction SilentlyContinue
        $index.Count | Should -Be ($data.Test.Count + 21)
        $errors.Count | Should -Be 2
        @(Find-SlcMatch @all -Index $index | Where-Object Path).Count | Should -Be 21
        (Get-SlcIndex "$TestDrive/a.slcindex" -Verify).Count | Should -Be $index.Count
    }

    It 'refuses <Id>' -ForEach @(
        @{ Id = 'IndexExists'; Code = { $model | New-SlcIndex "$TestDrive/a.slcindex" } }
        @{ Id = 'TypeOfAppended'; Code = { $model | New-SlcIndex "$TestDrive/a.slcindex" -Append -Type F16 } }
        @{ Id = 'IndexOfAnotherModel'; Code = { $data | Start-SlcTraining CE -Step 2 -HiddenUnit 32 | Find-SlcMatch 3 -Threshold 0 -Index "$TestDrive/a.slcindex" } }
        @{ Id = 'IndexDamaged'; Code = { $model | Find-SlcMatch 3 -Index "$folder/readme.txt" } }
        @{ Id = 'FileNotFound'; Code = { $model | Find-SlcMatch 3 -Index "$TestDrive/none.slcindex" } }
        @{ Id = 'IndexTruncated'; Code = {
                $bytes = [IO.File]::ReadAllBytes("$TestDrive/a.slcindex")
                [IO.File]::WriteAllBytes("$TestDrive/cut.slcindex", $bytes[0..($bytes.Length - 100)])
                $model | Find-SlcMatch 3 -Index "$TestDrive/cut.slcindex"
            } }
    ) {
        $ErrorActionPreference = 'Stop'
        $Code | Should -Throw -ErrorId "$Id*"
    }

    It 'stays as it was where -Force finds nothing to put in its place' {
        $before = (Get-SlcIndex "$TestDrive/a.slcindex").Count
        { $model | New-SlcIndex "$TestDrive/a.slcindex" -Force -Device nonsense -ErrorAction Stop } | Should -Throw -ErrorId 'UnknownDevice*'
        { $model | New-SlcIndex "$TestDrive/a.slcindex" -Force -Path "$TestDrive/nothere" -ErrorAction Stop } | Should -Throw
        (Get-SlcIndex "$TestDrive/a.slcindex").Count | Should -Be $before
        { $model | New-SlcIndex "$TestDrive/new.slcindex" -Path "$TestDrive/nothere" -ErrorAction Stop } | Should -Throw
        "$TestDrive/new.slcindex" | Should -Not -Exist
    }

    It 'is not made with -WhatIf' {
        $model | New-SlcIndex "$TestDrive/whatif.slcindex" -WhatIf
        "$TestDrive/whatif.slcindex" | Should -Not -Exist
    }
}

Describe 'Approximate answers' {
    BeforeAll {
        $path = "$TestDrive/g.slcindex"
        $index = $model | New-SlcIndex $path -Split Train -Approximate
        $one = @{ Model = $model; Class = '3'; Threshold = -1e9; Index = $path }
    }

    It 'have the logits of the exact ones, and the recall that comparing gives' {
        $index.Graph.IsCurrent | Should -BeTrue
        $index.Graph.Path | Should -Be "$path.graph"
        foreach ($effort in 16, 64) {
            $shares = foreach ($class in $model.ClassNames) {
                $exact = @(Find-SlcMatch $class -Model $model -Threshold -1e9 -Index $index -Top 10)
                $found = @(Find-SlcMatch $class -Model $model -Threshold -1e9 -Index $index -Approximate -Top 10 -Effort $effort -WarningAction SilentlyContinue)
                foreach ($match in $found) { $exactly = $exact | Where-Object Index -EQ $match.Index; if ($exactly) { $match.Logit | Should -Be $exactly.Logit } }
                @($found | Where-Object Logit -GE $exact[-1].Logit).Count / 10
            }
            $mean = ($shares | Measure-Object -Average).Average
            [Math]::Abs($index.Graph.RecallOf(10, $effort).Recall - $mean) | Should -BeLessThan 1e-9
            [Math]::Abs($found[0].Recall - $mean) | Should -BeLessThan 1e-9
        }
    }

    It 'say what was measured, and warn where it is little' {
        "$(Find-SlcMatch @one -Approximate -Top 10 -Verbose 4>&1 3>&1)" | Should -Match 'of the 10 largest logits were found'
        $null = Find-SlcMatch @one -Approximate -Top 2 -Effort 2 -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -Match 'not measured.*-Approximate'
        ($index | Out-String) | Should -Match 'Recall'
        ($index.Graph.Recall | Out-String) | Should -Match 'Lowest'
        (Find-SlcMatch @one -Top 1).Recall | Should -BeNullOrEmpty
    }

    It 'come from the pipeline''s thresholds, above them only' {
        $found = @($model | Measure-SlcThreshold 3, 7 | Find-SlcMatch -Model $model -Index $index -Approximate -Top 4)
        $found.Class | Should -Be (@('3') * 4 + @('7') * 4)
        foreach ($match in $found) { $match.Logit | Should -BeGreaterThan $match.Threshold }
        Find-SlcMatch 3 -Model $model -Threshold 1e9 -Index $index -Approximate -Top 4 | Should -BeNullOrEmpty
    }

    It 'are refused when the index grew, until its graph is made again' {
        $null = $model | New-SlcIndex $path -Append
        { Find-SlcMatch @one -Approximate -Top 3 -ErrorAction Stop } | Should -Throw -ErrorId 'GraphOutdated*' -ExpectedMessage '*Optimize-SlcIndex*'
        (Get-SlcIndex $path | Out-String) | Should -Match '\bold\b'
        $model | Optimize-SlcIndex $path -WhatIf
        (Get-SlcIndex $path).Graph.IsCurrent | Should -BeFalse
        ($model | Optimize-SlcIndex $path).Graph.IsCurrent | Should -BeTrue
        @(Find-SlcMatch @one -Approximate -Top 3).Count | Should -Be 3
        (Get-SlcIndex $path -Verify).Graph.Count | Should -Be ($data.Train.Count + $data.Test.Count)
    }

    It 'are refused: <Id>' -ForEach @(
        @{ Id = 'TopMissing'; Code = { Find-SlcMatch @one -Approximate } }
        @{ Id = 'EffortOfExact'; Code = { Find-SlcMatch @one -Top 3 -Effort 9 } }
        @{ Id = 'EffortTooSmall'; Code = { Find-SlcMatch @one -Approximate -Top 3 -Effort 2 } }
        @{ Id = 'GraphMissing'; Code = { $model | New-SlcIndex "$TestDrive/bare.slcindex" | Out-Null; Find-SlcMatch 3 -Model $model -Threshold 0 -Index "$TestDrive/bare.slcindex" -Approximate -Top 3 } }
        @{ Id = 'GraphDamaged'; Code = { Copy-Item $path "$TestDrive/d.slcindex"; 'no graph' | Set-Content "$TestDrive/d.slcindex.graph"; Get-SlcIndex "$TestDrive/d.slcindex" } }
        @{ Id = 'GraphTruncated'; Code = {
                $bytes = [IO.File]::ReadAllBytes("$path.graph")
                [IO.File]::WriteAllBytes("$TestDrive/d.slcindex.graph", $bytes[0..($bytes.Length - 9)])
                Find-SlcMatch 3 -Model $model -Threshold 0 -Index "$TestDrive/d.slcindex" -Approximate -Top 3
            } }
    ) {
        $ErrorActionPreference = 'Stop'
        $Code | Should -Throw -ErrorId "$Id*"
    }
}

Describe 'A folder of mixed pictures, some damaged (skipped where ../shared has no imagenet or tiny-imagenet-200)' -Skip:(-not $hasPictures) {
    BeforeAll {
        $tiny = Get-SlcDataset TinyImageNet -Path "$shared/tiny-imagenet-200" -WarningAction SilentlyContinue
        $tinyModel = $tiny | Start-SlcTraining BatchCE -Network MLP -HiddenUnit 64 -Step 120
        $mixed = (New-Item -ItemType Directory "$TestDrive/mixed").FullName
        $sources = @(Get-ChildItem "$shared/tiny-imagenet-200/val/images" -File | Sort-Object Name | Select-Object -First 25) +
            @(Get-ChildItem "$shared/imagenet/train" -File -Recurse -Filter *.JPEG | Sort-Object FullName | Select-Object -First 25)
        for ($i = 0; $i -lt $sources.Count; $i++) {
            $bytes = [IO.File]::ReadAllBytes($sources[$i].FullName)
            $name = "$mixed/$($i.ToString('00')).jpg"
            switch ($i % 10) {
                3 { [IO.File]::WriteAllBytes($name, $bytes[0..[int] ($bytes.Length / 3)]) }
                7 { [IO.File]::WriteAllBytes($name, (@(0) * 20 + $bytes[20..($bytes.Length - 1)])) }
                default { [IO.File]::WriteAllBytes($name, $bytes) }
            }
        }
    }

    It 'is searched by class: the damaged are named, the others answered with a probability' {
        $sources.Count | Should -Be 50
        $class = $tinyModel.ClassNames[0]
        $tinyModel | Measure-SlcThreshold -Class $class -Recall 1 | Set-SlcThreshold $tinyModel
        $found = @(Get-ChildItem $mixed | Find-SlcMatch -Model $tinyModel -Class $class -Threshold -1e9 -ErrorVariable errors -ErrorAction SilentlyContinue)
        $found.Count | Should -Be 40
        $errors.Count | Should -Be 10
        foreach ($record in $errors) {
            $record.FullyQualifiedErrorId | Should -Match '^PictureDamaged,'
            "$record" | Should -Match '\d[37]\.jpg'
        }
        $found.Path | ForEach-Object { [IO.Path]::GetFileName($_) } | Should -Not -Match '[37]\.jpg'
        foreach ($match in $found) { $match.Probability | Should -BeGreaterThan 0; $match.Probability | Should -BeLessThan 1 }
        $top = @(Find-SlcMatch -Model $tinyModel -Class $class -Threshold -1e9 -Path $mixed -Top 5 -ErrorAction SilentlyContinue)
        $top.Logit | Should -Be @($found.Logit | Sort-Object -Descending | Select-Object -First 5)
    }

    It 'gives the published pictures the logits that they have in the data set' {
        $class = $tinyModel.ClassNames[1]
        $inSet = @($tinyModel | Find-SlcMatch $class -Threshold -1e9)
        $names = Get-Content "$shared/tiny-imagenet-200/val/val_annotations.txt" | ForEach-Object { $_.Split("`t")[0] }
        $paths = $names | Select-Object -First 20 | ForEach-Object { "$shared/tiny-imagenet-200/val/images/$_" }
        $found = @(Get-Item $paths | Find-SlcMatch $class -Model $tinyModel -Threshold -1e9)
        foreach ($i in 0..19) { [Math]::Abs($found[$i].Logit - $inSet[$i].Logit) | Should -BeLessThan 1e-3 }
    }

    It 'is kept in an index' {
        $index = New-SlcIndex "$TestDrive/mixed.slcindex" -Model $tinyModel -Path $mixed -ErrorAction SilentlyContinue
        $index.Count | Should -Be 40
        @(Find-SlcMatch $tinyModel.ClassNames[2] -Model $tinyModel -Threshold -1e9 -Index $index).Path | Should -HaveCount 40
    }
}
