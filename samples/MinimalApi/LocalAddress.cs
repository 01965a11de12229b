namespace MinimalApi;

internal static class LocalAddress
{
    /// <summary>Where this machine reaches a server that listens on <paramref name="url"/>, which may stand for all of
    /// its addresses.</summary>
    public static string Of(string url)
    {
        var bound = BindingAddress.Parse(url);
        return bound.Host is "[::]" or "0.0.0.0" or "*" or "+" ? $"{bound.Scheme}://127.0.0.1:{bound.Port}" : url;
    }
}
