namespace Instrumentator.Parity;

/// <summary>The result of a scenario: as the original recorded it, as we expect it, or as the current run gave
/// it.</summary>
internal sealed record Result
{
    /// <summary>Gets the exception of the set-up, <c>Type: message</c>. If it is set, the rest is empty.</summary>
    public string? SetupRaises { get; init; }

    public Answer[] Responses { get; init; } = [];

    public ScrapeAnswer? Scrape { get; init; }

    public AfterRelease? AfterRelease { get; init; }

    public InfoNote[]? Infos { get; init; }
}

/// <summary>A response.</summary>
internal sealed record Answer
{
    /// <summary>Gets the status code, or null if there was no response.</summary>
    public int? Status { get; init; }

    /// <summary>Gets the exception that the app did not handle, <c>Type: message</c>.</summary>
    public string? Raises { get; init; }

    public string? Location { get; init; }

    /// <summary>Gets the <c>Content-Length</c> header.</summary>
    public string? ContentLength { get; init; }

    /// <summary>Gets the number of body bytes that the app sent.</summary>
    public Count Bytes { get; init; }
}

/// <summary>The final scrape.</summary>
internal sealed record ScrapeAnswer
{
    /// <summary>Gets the status code, or null if there was no scrape.</summary>
    public int? Status { get; init; }

    public string? Raises { get; init; }

    /// <summary>Gets the headers with the content type and the content encoding.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the text of the scrape, or of the registry if the scrape gave none.</summary>
    public required string Families { get; init; }

    public string? FamiliesOfDefaultRegistry { get; init; }
}

/// <summary>The registry after the held requests have completed.</summary>
internal sealed record AfterRelease
{
    public required string Families { get; init; }
}

/// <summary>The values that a user's metric function received.</summary>
internal sealed record InfoNote
{
    public required string Method { get; init; }

    public required string ModifiedHandler { get; init; }

    public required string ModifiedStatus { get; init; }

    public required double ModifiedDuration { get; init; }

    public required double ModifiedDurationWithoutStreaming { get; init; }

    public required int ResponseStatusCode { get; init; }

    public required string? ResponseContentLength { get; init; }

    public required string ResponseBody { get; init; }
}
