namespace Instrumentator;

/// <summary>Finds the name that somebody meant.</summary>
internal static class NearestName
{
    /// <summary>Returns the path whose last part is nearest to a name; null if none is near.</summary>
    /// <param name="name">The name.</param>
    /// <param name="paths">The paths, the preferred ones first.</param>
    public static string? Of(string name, IEnumerable<string> paths) => paths
        .Select(path => (Path: path, Last: path[(path.LastIndexOf(':') + 1)..]))
        .Where(one => IsNear(name, one.Last))
        .OrderBy(one => Distance(name, one.Last))
        .FirstOrDefault()
        .Path;

    /// <summary>Returns the number of characters to insert, delete or replace, ignoring case: the Levenshtein
    /// distance.</summary>
    public static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (var i = 0; i < left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < right.Length; j++)
            {
                var replaced = diagonal + (IsSame(left[i], right[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }
        return row[^1];
    }

    // Half of the characters are right, or one name is a part of the other.
    private static bool IsNear(string name, string other) =>
        Distance(name, other) <= Math.Max(name.Length, other.Length) / 2
        || (name.Length > 2 && other.Contains(name, StringComparison.OrdinalIgnoreCase))
        || name.Contains(other, StringComparison.OrdinalIgnoreCase);

    private static bool IsSame(char left, char right) => char.ToUpperInvariant(left) == char.ToUpperInvariant(right);
}
