using System.Globalization;

namespace Instrumentator;

/// <summary>The rule of the status label: the class of the status, <c>2xx</c>, or the number.</summary>
public static class StatusLabel
{
    /// <summary>The label of all statuses outside 100 to 599.</summary>
    public const string Other = "other";

    /// <summary>The status of a request that its client gave up. No RFC has it: it is nginx's, and known from there.</summary>
    internal const int Aborted = 499;

    private const int First = 100;
    private const int Last = 599;

    private static readonly string[] _groups = [Other, "1xx", "2xx", "3xx", "4xx", "5xx", "499"];

    /// <summary>The label of a status.</summary>
    /// <param name="status">The status; outside 100 to 599 it is <see cref="Other"/>.</param>
    /// <param name="config">Tells whether statuses are grouped, <see cref="Config.GroupStatusCodes"/>.</param>
    public static string Of(int status, Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var groups = GroupsOf(config);
        return Label(IndexOf(status, groups), groups);
    }

    /// <summary>The group of a label: <c>2xx</c> for <c>204</c>. Grouping a group changes nothing.</summary>
    /// <param name="status">A status or a group; anything else is <see cref="Other"/>.</param>
    public static string Group(string? status) => status switch
    {
        [>= '1' and <= '5', 'x', 'x'] => status,
        [>= '1' and <= '5', >= '0' and <= '9', >= '0' and <= '9'] => _groups[status[0] - '0'],
        _ => Other,
    };

    /// <summary>Which labels there are.</summary>
    internal static StatusGroups GroupsOf(Config config) =>
        !config.GroupStatusCodes ? StatusGroups.None
        : config.ClientAborts == ClientAborts.OwnGroup ? StatusGroups.ClassesAndAborts
        : StatusGroups.Classes;

    internal static int Count(StatusGroups groups) => groups == StatusGroups.None ? Last - First + 2 : _groups.Length;

    /// <summary>Where a status's label stands among all; 0 is the other.</summary>
    internal static int IndexOf(int status, StatusGroups groups) =>
        status is < First or > Last ? 0
        : groups == StatusGroups.Classes ? status / 100
        : groups == StatusGroups.None ? status - First + 1
        : status == Aborted ? _groups.Length - 1 : status / 100;

    internal static string Label(int index, StatusGroups groups) =>
        groups != StatusGroups.None ? _groups[index] : index == 0 ? Other : (index + First - 1).ToString(CultureInfo.InvariantCulture);
}

/// <summary>Which status labels there are.</summary>
internal enum StatusGroups
{
    /// <summary>Each status is one.</summary>
    None,

    /// <summary>Its first digit.</summary>
    Classes,

    /// <summary>Its first digit, and requests that their clients gave up are a label of their own.</summary>
    ClassesAndAborts,
}
