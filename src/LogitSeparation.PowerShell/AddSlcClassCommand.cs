using System.Management.Automation;
using LogitSeparation.Core.Classes;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Thresholds;

namespace LogitSeparation.PowerShell;

/// <summary>Gives a model another class by one new row of its head.</summary>
[Cmdlet(VerbsCommon.Add, "SlcClass", DefaultParameterSetName = "F1")]
[OutputType(typeof(Model))]
public sealed class AddSlcClassCommand : SlcCommand
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Model Model { get; set; } = null!;

    /// <summary>The name of the class.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NewClassCompleter))]
    public string Class { get; set; } = "";

    /// <summary>The data set that has its examples.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public Dataset Dataset { get; set; } = null!;

    /// <summary>Where the other examples come from.</summary>
    [Parameter]
    public Dataset? NegativeDataset { get; set; }

    /// <summary>Train on so many of the class's examples only.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? ExampleCount { get; set; }

    /// <summary>Decides which examples are used where not all are.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>The weight of the penalty on the row.</summary>
    [Parameter]
    public double Penalty { get; set; } = 0.01;

    /// <summary>Choose the threshold for the highest recall at this precision, instead of the best F1.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Precision")]
    public double? Precision { get; set; }

    /// <summary>Choose the threshold for the highest precision at this recall, instead of the best F1.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Recall")]
    public double? Recall { get; set; }

    /// <summary>The device that computes the features.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "cpu";

    private ThresholdTarget Target => Precision is { } precision ? ThresholdTarget.Precision(precision)
        : Recall is { } recall ? ThresholdTarget.Recall(recall)
        : ThresholdTarget.F1;

    /// <inheritdoc/>
    protected override void Process()
    {
        var options = new ClassAdditionOptions
        {
            ExampleCount = ExampleCount,
            Seed = Seed,
            Negatives = NegativeDataset,
            Penalty = Penalty,
            Threshold = new() { Target = Target },
            Device = Device,
        };
        var extended = ClassAddition.Add(Model, Class, Dataset, options, Cancellation);
        WriteVerbose($"{extended.AddedClass[^1]}");
        WriteObject(extended);
    }
}
