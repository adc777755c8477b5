# Losses beyond the paper's, and the user's own.

BeforeAll {
    Import-Module "$PSScriptRoot/ModuleTest.psm1" -Force
    Import-Module (Get-ManifestPath)
    $data = Get-SlcDataset
    $small = @{ HiddenUnit = 16; Step = 30; BatchSize = 32 }

    function Get-ErrorId([scriptblock] $Code) {
        try { $null = & $Code } catch { return $_.FullyQualifiedErrorId -replace ',.*' }
    }
}

Describe 'Losses beyond the seven of the paper' {
    It 'are listed after them, and wildcards go on meaning the seven' {
        $all = Get-SlcLoss
        ($all | Select-Object -First 7).Origin | Select-Object -Unique | Should -Be 'Paper'
        ($all | Select-Object -Skip 7).Origin | Select-Object -Unique | Should -Be 'Literature'
        (Test-SlcLossAlignment *).Loss | Should -Be ($all | Where-Object Origin -EQ Paper).Name
        (Test-SlcLossAlignment *CE).Loss | Should -Not -Contain 'UnifiedCE'
        (Test-SlcLossAlignment Focal*, Smooth*).Loss | Should -Be 'FocalBCE', 'SmoothAP'
        (Get-SlcLoss *AP).Name | Should -Be 'SmoothAP'
        { Test-SlcLossAlignment Fokal* } | Should -Throw -ErrorId 'UnknownLoss*'
    }

    It 'train and are measured, with their parameters' {
        $names = (Get-SlcLoss | Where-Object Origin -EQ Literature).Name
        $models = $data | Start-SlcTraining $names -ZWeight 0.01 -FocalGamma 1 -Tau 0.5 -Temperature 2 -Prior 0.05 -UnifiedBias 2 -SigmoidScale 3 -SigmoidBias -4 @small
        $models.Loss | Should -Be $names
        foreach ($model in $models) {
            ($model | Measure-SlcLoss $model.Loss -FocalGamma 1 -Tau 0.5 -Temperature 2).Value | Should -BeLessThan 20
        }
        ($models | Where-Object Loss -EQ UnifiedCE).LossWeights.Keys | Should -Be 'loss.bias'
        ($models | Where-Object Loss -EQ FocalBCE).LossWeights.Count | Should -Be 0
    }
}

Describe 'A loss of the user''s own' {
    It 'is a script block that trains like the loss that it writes anew' {
        $own = @{ Mine = {
                param($logits, $labels)
                $logits.LogSumExp() - $logits.TrueLogit($labels).Mean() - [math]::Log($logits.Shape[0])
            }
        }
        $mine, $known = $data | Start-SlcTraining $own, BatchCE @small
        $mine.Loss | Should -Be 'Mine'
        $mine.History[-1].Loss | Should -BeGreaterThan ($known.History[-1].Loss - 1e-3)
        $mine.History[-1].Loss | Should -BeLessThan ($known.History[-1].Loss + 1e-3)
        $values = $mine | Measure-SlcLoss $own, BatchCE
        $values.Loss | Should -Be 'Mine', 'BatchCE'
        [math]::Abs($values[0].Value - $values[1].Value) | Should -BeLessThan 1e-9
        ($mine | Measure-SlcMetrics).Loss | Should -Be 'Mine'
    }

    It 'is tested for alignment, and says that this is numerical' {
        $found = Test-SlcLossAlignment { param($z, $y) (1 - $z.TrueLogit($y) + $z.FalseLogit($y).Max()).Relu().Mean() }, { param($z, $y) -$z.LogSoftmax().TrueLogit($y).Mean() } -BatchSize 3 -ClassCount 3
        $found.Loss | Should -Be 'Custom', 'Custom2'
        $found.Aligned | Should -Be $true, $false
        $found.Evidence | Select-Object -Unique | Should -Be 'Numerical'
        [math]::Abs($found[0].CriticalValue - 1 / 3) | Should -BeLessThan 1e-3
        $found[1].Search.Excess | Should -BeLessThan 1e-6
    }

    It 'is refused where it cannot be used, and says why' {
        Get-ErrorId { $data | Start-SlcTraining { param($z, $y) $z.TrueLogit($y) } @small } | Should -Be 'LossInvalid'
        Get-ErrorId { $data | Start-SlcTraining { param($z, $y) 3 } @small } | Should -Be 'LossInvalid'
        Get-ErrorId { $data | Start-SlcTraining { param($z, $y) $z.Mean(); $z.Sum() } @small } | Should -Be 'LossInvalid'
        Get-ErrorId { $data | Start-SlcTraining { param($z, $y) $z.Nothing() } @small } | Should -Be 'LossFailed'
        Get-ErrorId { $data | Start-SlcTraining { param($z, $y) throw 'no' } @small } | Should -Be 'LossFailed'
        Get-ErrorId { $data | Start-SlcTraining @{ CE = { param($z, $y) $z.Mean() } } @small } | Should -Be 'LossNameTaken'
        Get-ErrorId { $data | Start-SlcTraining @{ A = 1 } @small } | Should -Be 'LossInvalid'
        $own = { param($z, $y) -$z.LogSoftmax().TrueLogit($y).Mean() }
        Get-ErrorId { $data | Start-SlcTraining $own -CheckpointPath (Join-Path $TestDrive 'kept') @small } | Should -Be 'LossNotPortable'
        Get-ErrorId { $data | Start-SlcSweep $own -Path (Join-Path $TestDrive 'sweep') @small } | Should -Be 'LossNotPortable'
    }

    It 'is a class of an assembly, in trainings, checkpoints and the processes of a sweep' {
        $file = Join-Path $TestDrive 'losses.dll'
        $torch = Join-Path (Get-RepositoryRoot) 'module/bin/core/TorchSharp.dll'
        Add-Type -CompilerOptions '-nowarn:1701' -OutputAssembly $file -ReferencedAssemblies $torch -TypeDefinition @'
using static TorchSharp.torch;
public sealed class Plain : nn.Module<Tensor, Tensor, Tensor>
{
    public Plain() : base("Plain") { }
    public override Tensor forward(Tensor logits, Tensor labels) => nn.functional.cross_entropy(logits, labels);
}
'@
        $model = $data | Start-SlcTraining plain, CE -AssemblyPath $file -CheckpointPath (Join-Path $TestDrive 'plain') @small
        $model.Loss | Should -Be 'Plain', 'CE'
        $model.Network.Name | Should -Be 'MLP', 'MLP'
        $values = $model[0] | Measure-SlcLoss Plain, CE -AssemblyPath $file
        [math]::Abs($values[0].Value - $values[1].Value) | Should -BeLessThan 1e-9
        (Test-SlcLossAlignment Plain -AssemblyPath $file -BatchSize 2 -ClassCount 2).Aligned | Should -BeFalse
        $trials = $data | Start-SlcSweep Plain -AssemblyPath $file -Path (Join-Path $TestDrive 'plains') -ThrottleLimit 1 @small
        $trials.State | Should -Be 'Done'
        $saved = Join-Path $TestDrive 'plain.safetensors'
        $model[0] | Export-SlcModel $saved
        (Import-SlcModel $saved).Loss | Should -Be 'Plain'
    }
}
