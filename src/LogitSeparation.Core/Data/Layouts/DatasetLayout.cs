namespace LogitSeparation.Core.Data.Layouts;

/// <summary>One of the ways in which data sets lie in folders and files.</summary>
internal abstract class DatasetLayout
{
    /// <summary>What is known of the data set; its name is the catalogue's.</summary>
    public abstract DatasetInfo Info { get; }

    /// <summary>Whether <see cref="Info"/> names one data set, which is looked for by its name; else this is a format.</summary>
    public virtual bool HasName => true;

    /// <summary>The other names that its folder or file may bear where it is looked for, however spelt.</summary>
    public virtual IReadOnlyList<string> FolderNames => [];

    /// <summary>The parameters of <see cref="DatasetRequest"/> that mean something here, beside those that always do.</summary>
    public virtual IReadOnlyList<string> Parameters => [];

    /// <summary>How the files have to lie, for messages, as a sentence.</summary>
    public abstract string Expectation { get; }

    /// <summary>Whether a folder or file looks like this one; never throws, and reads next to nothing.</summary>
    /// <param name="path">A folder or file that exists.</param>
    public abstract bool IsAt(string path);

    /// <summary>Reads the examples.</summary>
    /// <param name="path">Where <see cref="IsAt"/> holds, or a place that the user says is one.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellation">Looked at between files.</param>
    /// <exception cref="SlcException">A file is missing or damaged; the message names it.</exception>
    public abstract LabelledExamples Read(string path, DatasetRequest request, CancellationToken cancellation);

    /// <summary>What the identity of the data set keeps of the request, so that it can be opened again.</summary>
    /// <param name="identity">The identity so far.</param>
    /// <param name="request">What was asked for.</param>
    public virtual DatasetIdentity Identify(DatasetIdentity identity, DatasetRequest request) => identity;

    /// <summary>The error for a file that has to be there.</summary>
    protected static SlcException Missing(string path, string what) => new("DatasetFileMissing", SlcErrorKind.NotFound,
        $"'{path}' is missing: {what} Put it there, or give another folder with -Path.", path);

    /// <summary>A remark where fewer or more examples are there than were published; null where all are.</summary>
    protected string? NotePart(int trainCount, int testCount) => trainCount == Info.TrainCount && testCount == Info.TestCount
        ? null
        : FormattableString.Invariant($"This is not all of {Info.Name}: it has {trainCount} training and {testCount} test examples, ")
            + FormattableString.Invariant($"and {Info.TrainCount} and {Info.TestCount} were published.");
}
