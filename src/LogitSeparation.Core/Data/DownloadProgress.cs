namespace LogitSeparation.Core.Data;

/// <summary>How far a download has come. Reported on the calling thread, at most about ten times a second.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="FileName">The file that is being received.</param>
/// <param name="ReceivedBytes">The bytes received so far, over all files of the data set.</param>
/// <param name="TotalBytes">The bytes of all its files.</param>
public sealed record DownloadProgress(string Dataset, string FileName, long ReceivedBytes, long TotalBytes);
