// What a C++ program sees of its host; every language's program of this folder prints the same.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

static std::string join(const std::vector<std::string> &parts, const char *between) {
    std::string joined;
    for (const auto &part : parts) joined += (joined.empty() ? "" : between) + part;
    return joined;
}

static const char *refused(const char *path) {
    std::FILE *file = std::fopen(path, "r");
    if (file) std::fclose(file);
    return file ? "allowed" : "refused";
}

int main(int argc, char **argv) {
    std::printf("arguments: %s\n", join(std::vector<std::string>(argv + 1, argv + argc), "|").c_str());
    const char *greeting = std::getenv("GREETING");
    std::printf("env: %s\n", greeting ? greeting : "");
    std::vector<std::string> lines;
    char line[256];
    while (std::fgets(line, sizeof line, stdin)) lines.emplace_back(line, std::string(line).find('\n'));
    std::printf("in: %s\n", join(lines, "|").c_str());

    std::FILE *file = std::fopen("/data/note.txt", "w");
    std::fputs("one two two three three three", file);
    std::fclose(file);
    file = std::fopen("/data/note.txt", "r");
    std::string text(line, std::fread(line, 1, sizeof line, file));
    std::fclose(file);
    std::map<std::string, int> counts;
    for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
        end = std::min(text.find(' ', at), text.size());
        counts[text.substr(at, end - at)]++;
    }
    std::vector<std::string> counted;
    for (const auto &[word, count] : counts) counted.push_back(word + "=" + std::to_string(count));
    std::printf("file: %s\n", join(counted, " ").c_str());

    std::printf("up: %s\n", refused("/data/../secret"));
    std::printf("not granted: %s\n", refused("/etc/passwd"));

    auto began = std::chrono::steady_clock::now();
    usleep(2000);
    bool forward = std::chrono::steady_clock::now() - began >= std::chrono::milliseconds(2);
    auto since = std::chrono::system_clock::now().time_since_epoch();
    std::printf("clocks: %s\n", forward && since > std::chrono::seconds(1600000000) ? "true" : "false");
    std::fputs("to error\n", stderr);
    std::exit(42);
}
