namespace LogitSeparation.PowerShell;

/// <summary>The formats that models are written in.</summary>
public enum ModelFormat
{
    /// <summary>Weights and all that is known of the model; Import-SlcModel reads it.</summary>
    SafeTensors,

    /// <summary>A graph that other programs compute.</summary>
    Onnx,
}
