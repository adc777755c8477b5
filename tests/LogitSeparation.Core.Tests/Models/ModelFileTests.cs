using System.Text;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Tests.Formats;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Models;

public sealed class ModelFileTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly LogitSeparation.Core.Data.Dataset Data = SmallDataset.Create();

    private static Model Train() => Trainer.Train(
        Data, ["BatchCE"], new(), new() { StepCount = 20, BatchSize = 16, HiddenUnit = [8, 6], Seed = 5, Device = TestDevice.Name }, null, Stop)
        .Single().Model!;

    [Fact]
    public void A_model_comes_back_to_the_bit()
    {
        using var folder = new TemporaryFolder();
        var path = folder["model.safetensors"];
        var model = Train();
        ModelFile.Export(model, path, cancellationToken: Stop);
        var back = ModelFile.Import(path, cancellationToken: Stop);

        Assert.Equal(model.Weights.Keys, back.Weights.Keys);
        foreach (var (name, weight) in model.Weights)
        {
            Assert.Equal(weight.Shape, back.Weights[name].Shape);
            Assert.Equal(weight.Values.ToArray(), back.Weights[name].Values.ToArray());
        }

        Assert.Equal(model.History, back.History);
        Assert.Equal(model.DatasetIdentity, back.DatasetIdentity);
        Assert.Equal(model.LossOptions, back.LossOptions);
        Assert.Equal(model.Scaling, back.Scaling);
        Assert.Equal(model.ClassNames, back.ClassNames);
        Assert.Equal((model.Loss, model.LearningRate, model.Step, model.ThreadCount, model.Version), (back.Loss, back.LearningRate, back.Step, back.ThreadCount, back.Version));
        float[] Logits(Model m) => new ModelLogits(m, Data, LogitSeparation.Core.Data.Split.Test, TestDevice.Name, Stop).ToMemory().SingleLogits.ToArray();
        Assert.Equal(Logits(model), Logits(back));
    }

    [Fact]
    public void Reading_and_writing_stop_when_they_are_cancelled()
    {
        using var folder = new TemporaryFolder();
        var path = folder["model.safetensors"];
        var model = Train();
        Assert.ThrowsAny<OperationCanceledException>(() => ModelFile.Export(model, path, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFiles(folder.Path));

        ModelFile.Export(model, path, Stop);
        Assert.ThrowsAny<OperationCanceledException>(() => ModelFile.Import(path, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Damage_is_noticed_wherever_it_is()
    {
        using var folder = new TemporaryFolder();
        var path = folder["model.safetensors"];
        ModelFile.Export(Train(), path, cancellationToken: Stop);
        var bytes = File.ReadAllBytes(path);
        for (var i = 0; i < bytes.Length; i += 1 + (bytes.Length / 150))
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 0x55;
            Check(damaged);
            Check(bytes[..i]);
        }

        void Check(byte[] content)
        {
            File.WriteAllBytes(path, content);
            var error = Assert.Throws<SlcException>(() => ModelFile.Import(path));
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"classCount\":4", "\"classCount\":2000000000")]
    [InlineData("\"hiddenUnit\":[8,6]", "\"hiddenUnit\":[8,7]")]
    [InlineData("\"hiddenUnit\":[8,6]", "\"hiddenUnit\":[800000000,600000000]")]
    [InlineData("\"name\":\"MLP\"", "\"name\":\"LPM\"")]
    [InlineData("\"format\":1", "\"format\":2")]
    [InlineData("\"lossOptions\":", "\"lossOption\":")]
    [InlineData("\"loss\":\"BatchCE\"", "\"loss\":\"BatchDE\"")]
    [InlineData("\"loss\":\"BatchCE\"", "\"loss\":null")]
    [InlineData("\"alpha\":0.1", "\"alpha\":-1")]
    [InlineData("\"class 1\"", "null")]
    [InlineData("\"classNames\":[", "\"classNames\":null,\"x\":[")]
    [InlineData("\"training\":{", "\"training\":null,\"x\":{")]
    [InlineData("\"scaling\":{", "\"scaling\":null,\"x\":{")]
    [InlineData("\"dataset\":{", "\"dataset\":null,\"x\":{")]
    [InlineData("\"history\":[", "\"history\":[null,")]
    public void Metadata_that_cannot_be_is_refused(string from, string to)
    {
        using var folder = new TemporaryFolder();
        var path = folder["model.safetensors"];
        ModelFile.Export(Train(), path, cancellationToken: Stop);
        var file = LogitSeparation.Core.Formats.SafeTensorsFile.Read(path, cancellationToken: Stop);
        Assert.Contains(from, file.Metadata["slc"], StringComparison.Ordinal);
        var metadata = new Dictionary<string, string> { ["slc"] = file.Metadata["slc"].Replace(from, to, StringComparison.Ordinal) };
        new LogitSeparation.Core.Formats.SafeTensorsFile(file.Tensors, metadata).Write(path, cancellationToken: Stop);
        var error = Assert.Throws<SlcException>(() => ModelFile.Import(path, cancellationToken: Stop));
        Assert.Equal("ModelFileInvalid", error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder["text.safetensors"];
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes("hello, this is not a model"));
        Assert.Equal("SafeTensorsFileDamaged", Assert.Throws<SlcException>(() => ModelFile.Import(path, cancellationToken: Stop)).ErrorId);
        new LogitSeparation.Core.Formats.SafeTensorsFile(
            new Dictionary<string, LogitSeparation.Core.Formats.DenseArray>(), new Dictionary<string, string>()).Write(path, cancellationToken: Stop);
        Assert.Equal("ModelFileInvalid", Assert.Throws<SlcException>(() => ModelFile.Import(path, cancellationToken: Stop)).ErrorId);
        Assert.Equal("FileNotFound", Assert.Throws<SlcException>(() => ModelFile.Import(folder["absent.safetensors"], cancellationToken: Stop)).ErrorId);
    }
}
