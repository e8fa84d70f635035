/* The list. */
#include "people/common_passwords.h"

#include <stddef.h>
#include <string.h>

static const char *const common[] = {
    "!qaz2wsx",     "00000000",   "01234567",    "0123456789",    "0987654321",   "1111111111",
    "11112222",     "11223344",   "1122334455",  "12121212",      "123123123",    "12312312",
    "1234512345",   "12341234",   "12344321",    "1234554321",    "123454321",    "12345678",
    "123456789",    "1234567890", "12345678910", "123456789a",    "12345678a",    "1234567a",
    "1234qwer",     "123qweasd",  "123qwe123",   "123abc123",     "1q2w3e4r",     "1q2w3e4r5t",
    "1q2w3e4r5t6y", "1qaz1qaz",   "1qaz2wsx",    "1qaz2wsx3edc",  "1qazxsw2",     "13131313",
    "147258369",    "19841984",   "20002000",    "22222222",      "3rjs1la7qe",   "55555555",
    "66666666",     "77777777",   "87654321",    "88888888",      "963852741",    "987654321",
    "9876543210",   "99999999",   "aa123456",    "aa12345678",    "abc12345",     "abc123456",
    "abcd1234",     "abcd12345",  "abcdefg1",    "abcdefgh",      "access14",     "admin123",
    "admin1234",    "admin12345", "admin123456", "administrator", "alexander",    "asdasdasd",
    "asdf1234",     "asdfasdf",   "asdfghjk",    "asdfghjkl",     "azertyuiop",   "babygirl",
    "barcelona",    "baseball",   "baseball1",   "basketball",    "birmingham",   "butterfly",
    "changeit",     "changeme",   "changeme1",   "changeme123",   "charlie1",     "chelsea1",
    "chocolate",    "computer",   "consumer",    "corvette",      "council1",     "council123",
    "courtney",     "danielle",   "december",    "default1",      "dragon123",    "einstein",
    "elephant",     "elizabeth",  "evertonfc",   "facebook",      "football",     "football1",
    "football123",  "freedom1",   "frontdesk",   "garfield",      "gfhjkm123",    "google123",
    "guest123",     "hallo123",   "hello123",    "hello1234",     "helloworld",   "iloveyou",
    "iloveyou1",    "iloveyou2",  "internet",    "jennifer",      "jonathan",     "justin123",
    "kingston",     "letmein1",   "letmein123",  "liverpool",     "liverpool1",   "london123",
    "lovelove",     "manchester", "marlboro",    "maverick",      "mercedes",     "michelle",
    "midnight",     "monkey123",  "mountain",    "movealong",     "mustang1",     "mypassword",
    "newpassword",  "nicholas",   "november",    "p@ssw0rd",      "p@ssword",     "pa55word",
    "parola123",    "pass1234",   "pass12345",   "passpass",      "passw0rd",     "passwort",
    "password",     "password!",  "password0",   "password01",    "password1",    "password1!",
    "password11",   "password12", "password123", "password123!",  "password1234", "password2",
    "password99",   "patricia",   "pokemon1",    "princess",      "princess1",    "q1w2e3r4",
    "q1w2e3r4t5",   "qazwsxedc",  "qazwsx123",   "qq123456",      "quarter1",     "quarter123",
    "queue123",     "qweasdzxc",  "qwer1234",    "qwerqwer",      "qwert123",     "qwertyui",
    "qwertyuiop",   "qwerty12",   "qwerty123",   "qwerty1234",    "qwerty12345",  "qwerty123456",
    "qwertz123",    "rangers1",   "reception",   "reception1",    "reception123", "samantha",
    "samsung1",     "scotland",   "secret123",   "september",     "spiderman",    "starwars",
    "steelers",     "summer2023", "summer2024",  "summer2025",    "sunshine",     "sunshine1",
    "superman",     "superman1",  "superstar",   "swordfish",     "temppass",     "temp1234",
    "test1234",     "test12345",  "testtest",    "thebeatles",    "trustno1",     "undertaker",
    "unknown1",     "user1234",   "veronica",    "victoria",      "wednesday",    "welcome1",
    "welcome12",    "welcome123", "whatever",    "william1",      "winter2023",   "winter2024",
    "winter2025",   "zaq12wsx",   "zaq1zaq1",    "zxcvbnm1",      "zxcvbnm123",
};

bool common_password_is_made_of(const char *password, const char *word)
{
    const size_t length = strlen(word);
    if (length < 3 || strncmp(password, word, length) != 0)
        return false;
    const char *rest = password + length;
    return strspn(rest, "0123456789!.") == strlen(rest) || strcmp(rest, word) == 0;
}

bool common_password_is_one(const char *password)
{
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        if (common_password_is_made_of(password, common[i]))
            return true;
    return false;
}
