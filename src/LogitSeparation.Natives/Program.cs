using LogitSeparation.Natives;

if (args is not [var rid, var backend, var sourceList, var folder])
{
    Console.Error.WriteLine("usage: LogitSeparation.Natives <rid> <cpu|cuda> <file that lists the packages' libraries> <folder to stage into>");
    return 2;
}

try
{
    foreach (var line in Staging.Stage(rid, backend, File.ReadAllLines(sourceList), folder))
        Console.WriteLine(line);
    return 0;
}
catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
{
    // In the form that the build shows as one error of its own.
    Console.Error.WriteLine($"LogitSeparation.Natives : error SLC0001: {exception.Message}");
    return 1;
}
