namespace Instrumentator.Parity;

/// <summary>What came of a scenario: as the original recorded it, as we expect it, or as it was just now.</summary>
internal sealed record Result
{
    /// <summary>The exception of the set-up, <c>Type: message</c>; then there is nothing else.</summary>
    public string? SetupRaises { get; init; }

    public Answer[] Responses { get; init; } = [];

    public ScrapeAnswer? Scrape { get; init; }

    public AfterRelease? AfterRelease { get; init; }

    public InfoNote[]? Infos { get; init; }
}

/// <summary>A response.</summary>
internal sealed record Answer
{
    /// <summary>Null when nothing answered.</summary>
    public int? Status { get; init; }

    /// <summary>The exception that left the app, <c>Type: message</c>.</summary>
    public string? Raises { get; init; }

    public string? Location { get; init; }

    /// <summary>The header.</summary>
    public string? ContentLength { get; init; }

    /// <summary>How many bytes of body the app sent.</summary>
    public Count Bytes { get; init; }
}

/// <summary>The final scrape.</summary>
internal sealed record ScrapeAnswer
{
    /// <summary>Null when there was none.</summary>
    public int? Status { get; init; }

    public string? Raises { get; init; }

    /// <summary>Type and encoding of the content.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The text of the scrape, or of the registry where the scrape gave none.</summary>
    public required string Families { get; init; }

    public string? FamiliesOfDefaultRegistry { get; init; }
}

/// <summary>The registry after the requests that were held are done.</summary>
internal sealed record AfterRelease
{
    public required string Families { get; init; }
}

/// <summary>What a metric function of the user's saw.</summary>
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
