/*
 * An item processor of a crawl: reads a page, prints one line of JSON with its URL, its title and how many words it has.
 *
 *     ww crawl --rom extract.wasm https://example.org/
 *     ww results 1 --json
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX = 8192, PAGE_MAX = 4 << 20, TITLE_MAX = 500 };

static void print_json(const char *text, size_t length) {
    putchar('"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\') printf("\\%c", c);
        else if (c < 0x20) printf("\\u%04x", c);
        else putchar(c < 0x7f ? c : '?');
    }
    putchar('"');
}

static const char *find(const char *from, const char *end, const char *what) {
    size_t length = strlen(what);
    for (; from + length <= end; from++) {
        if (!strncasecmp(from, what, length)) return from;
    }
    return 0;
}

static unsigned long count_words(const char *at, const char *end) {
    unsigned long words = 0;
    int in_tag = 0, in_word = 0;
    for (; at < end; at++) {
        if (*at == '<') in_tag = 1;
        int is_word = !in_tag && isalnum((unsigned char)*at);
        words += is_word && !in_word;
        in_word = is_word;
        if (*at == '>') in_tag = 0;
    }
    return words;
}

int main(void) {
    static char line[LINE_MAX], url[LINE_MAX];
    while (fgets(line, sizeof line, stdin) && line[0] != '\n') {
        line[strcspn(line, "\n")] = 0;
        if (!strncmp(line, "url: ", 5)) strcpy(url, line + 5);
    }

    char *page = malloc(PAGE_MAX);
    if (!page) { fprintf(stderr, "no memory for the page\n"); return 1; }
    const char *end = page + fread(page, 1, PAGE_MAX, stdin), *title = find(page, end, "<title>");
    title = title ? title + strlen("<title>") : end;
    const char *after = find(title, end, "</title>");
    size_t length = after ? (size_t)(after - title) : 0;

    printf("{\"url\":");
    print_json(url, strlen(url));
    printf(",\"title\":");
    print_json(title, length < TITLE_MAX ? length : TITLE_MAX);
    printf(",\"words\":%lu}\n", count_words(page, end));
    return 0;
}
