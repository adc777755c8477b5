# Classes added to a model and taken out of it.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $digits = Get-SlcDataset
    $model = $digits | Start-SlcTraining BatchCE -Step 200 -Seed 1
    $model | Measure-SlcThreshold | Set-SlcThreshold $model
    $nine = $model | Remove-SlcClass 9
}

Describe 'Remove-SlcClass' {
    It 'leaves a model that knows all but the class' {
        $nine.ClassNames | Should -Be (0..8)
        $nine.Threshold.Class | Should -Be (0..8)
        $model.ClassNames.Count | Should -Be 10
        ($nine | Find-SlcMatch 3).Count | Should -Be ($model | Find-SlcMatch 3).Count
        { $nine | Find-SlcMatch 9 -ErrorAction Stop } | Should -Throw -ErrorId 'UnknownClass*'
    }

    It 'names what is wrong' {
        { $model | Remove-SlcClass * -ErrorAction Stop } | Should -Throw -ErrorId 'NoClassLeft*'
        { $model | Remove-SlcClass ten -ErrorAction Stop } | Should -Throw -ErrorId 'UnknownClass*'
    }
}

Describe 'Add-SlcClass' {
    It 'finds the class again by few examples, and says how well' {
        $ten = $nine | Add-SlcClass 9 $digits -ExampleCount 10 -Seed 1 -Verbose 4>&1
        "$($ten[0])" | Should -BeLike '9: precision * and recall 0.* trained on 10'
        $added = $ten[1].AddedClass[0]
        $added.Precision | Should -BeGreaterThan 0.7
        $added.Recall | Should -BeGreaterThan 0.7
        ($ten[1] | Find-SlcMatch 9).Count | Should -Be $added.TestSelected
        ($ten[1] | Find-SlcMatch 3).Logit | Should -Be ($model | Find-SlcMatch 3).Logit
        ($ten[1] | Measure-SlcMetrics).Accuracy | Should -BeGreaterThan 0.9
        ($ten[1] | Format-List | Out-String) | Should -BeLike '*9: precision*'
    }

    It 'names what is wrong' {
        { $model | Add-SlcClass 9 $digits -ErrorAction Stop } | Should -Throw -ErrorId 'ClassExists*'
        { $nine | Add-SlcClass 9 $digits -ExampleCount 100000 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidExampleCount*'
        { $nine | Add-SlcClass 9 (Get-SlcDataset -ValidationCount 0) -ErrorAction Stop } | Should -Throw -ErrorId 'NoHeldOutExamples*' -ExpectedMessage '*-ValidationCount*'
    }
}
