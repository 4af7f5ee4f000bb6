using System.Text;
using Wetware.Bench.Capnp.Generated;
using Wetware.Capnp;

namespace Wetware.Bench.Capnp;

/// <summary>The address book of a thousand persons: builds it, and reads all of it. The rival in C++ does the same, field by field.</summary>
internal static class AddressBookWork
{
    public const int Persons = 1000;

    private static readonly string[] Names = Texts("Person number {0}");
    private static readonly string[] Emails = Texts("person.{0}@example.com");
    private static readonly string[] Numbers = Texts("+1-555-01{0}");

    private static readonly byte[][] NamesUtf8 = Array.ConvertAll(Names, Encoding.UTF8.GetBytes);
    private static readonly byte[][] EmailsUtf8 = Array.ConvertAll(Emails, Encoding.UTF8.GetBytes);
    private static readonly byte[][] NumbersUtf8 = Array.ConvertAll(Numbers, Encoding.UTF8.GetBytes);

    /// <summary>Builds it from UTF-8, as the rival does.</summary>
    public static void BuildFromUtf8(MessageBuilder message)
    {
        var people = message.InitRoot<AddressBook.Builder>().InitPeople(Persons);
        for (var i = 0; i < Persons; i++)
        {
            var person = people[i];
            person.Id = (uint)i;
            person.SetName(NamesUtf8[i]);
            person.SetEmail(EmailsUtf8[i]);
            var phones = person.InitPhones(1 + (i & 1));
            for (var j = 0; j < phones.Count; j++)
            {
                var phone = phones[j];
                phone.SetNumber(NumbersUtf8[i]);
                phone.Type = (Person.PhoneNumber.Type)((i + j) % 3);
            }

            Employ(person.Employment, i);
        }
    }

    /// <summary>Builds it from strings.</summary>
    public static void Build(MessageBuilder message)
    {
        var people = message.InitRoot<AddressBook.Builder>().InitPeople(Persons);
        for (var i = 0; i < Persons; i++)
        {
            var person = people[i];
            person.Id = (uint)i;
            person.SetName(Names[i]);
            person.SetEmail(Emails[i]);
            var phones = person.InitPhones(1 + (i & 1));
            for (var j = 0; j < phones.Count; j++)
            {
                var phone = phones[j];
                phone.SetNumber(Numbers[i]);
                phone.Type = (Person.PhoneNumber.Type)((i + j) % 3);
            }

            Employ(person.Employment, i);
        }
    }

    /// <summary>Reads every field.</summary>
    /// <returns>A sum that proves it, the same for every implementation.</returns>
    public static long Read(MessageReader message)
    {
        var sum = 0L;
        foreach (var person in message.GetRoot<AddressBook.Reader>().People)
        {
            sum += person.Id + person.Name.Utf8.Length + person.Email.Utf8.Length;
            foreach (var phone in person.Phones)
            {
                sum += phone.Number.Utf8.Length + (int)phone.Type;
            }

            var employment = person.Employment;
            sum += employment.Which switch
            {
                Person.Employment.Which.Employer => employment.Employer.Utf8.Length,
                Person.Employment.Which.School => employment.School.Utf8.Length,
                _ => 1,
            };
        }

        return sum;
    }

    private static void Employ(Person.Employment.Builder employment, int i)
    {
        switch (i & 3)
        {
            case 0:
                employment.SetUnemployed();
                break;
            case 1:
                employment.SetEmployer("Initech"u8);
                break;
            case 2:
                employment.SetSchool("MIT"u8);
                break;
            default:
                employment.SetSelfEmployed();
                break;
        }
    }

    private static string[] Texts(string format)
    {
        var texts = new string[Persons];
        for (var i = 0; i < Persons; i++)
        {
            texts[i] = string.Format(System.Globalization.CultureInfo.InvariantCulture, format, i);
        }

        return texts;
    }
}
