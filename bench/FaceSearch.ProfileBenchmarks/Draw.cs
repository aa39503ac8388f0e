namespace FaceSearch.ProfileBenchmarks;

/// <summary>The enrolled people with their pictures, and the strangers; people by their index in the list.</summary>
internal sealed record Draw(IReadOnlyList<(int Person, string Picture)> Enrolled, IReadOnlyList<int> Strangers)
{
    /// <summary>Equal seeds give equal draws on every runtime.</summary>
    public static Draw Of(int seed, IReadOnlyList<Person> people)
    {
        var several = Places(people, person => person.Pictures.Count > 1);
        var others = Places(people, person => person.Pictures.Count == 1)
            .OrderBy(person => OpenFaces.Key($"{seed}:{people[person].Name}"), StringComparer.Ordinal).ToArray();
        var room = OpenSet.GalleryPeople - several.Length;
        var enrolled = several.Concat(others.Take(room)).Select(person =>
            (person, people[person].Pictures.MinBy(picture => OpenFaces.Key($"{seed}:{picture}"), StringComparer.Ordinal)!));
        return new Draw([.. enrolled], [.. others.Skip(room)]);
    }

    private static int[] Places(IReadOnlyList<Person> people, Predicate<Person> wanted) =>
        [.. Enumerable.Range(0, people.Count).Where(person => wanted(people[person]))];
}
