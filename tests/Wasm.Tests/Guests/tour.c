/* Prints what a program of the C library sees: arguments, environment, standard input, files, and refusals. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void refuse(const char *what, int result) { printf("%s: %s\n", what, result < 0 ? strerror(errno) : "allowed"); }

int main(int argc, char **argv) {
    char line[256];
    struct stat info;
    for (int i = 0; i < argc; i++) printf("arg %d: %s\n", i, argv[i]);
    printf("env: %s\n", getenv("GREETING") ? getenv("GREETING") : "none");
    while (fgets(line, sizeof line, stdin)) printf("in: %s", line);
    FILE *file = fopen("/data/note.txt", "w");
    if (!file) { printf("open: %s\n", strerror(errno)); return 3; }
    fprintf(file, "one\ntwo\n");
    fclose(file);
    file = fopen("/data/note.txt", "a");
    fprintf(file, "three\n");
    fclose(file);
    file = fopen("/data/note.txt", "r");
    fseek(file, 4, SEEK_SET);
    while (fgets(line, sizeof line, file)) printf("file: %s", line);
    fclose(file);
    printf("mkdir: %d\n", mkdir("/data/sub", 0777));
    printf("rename: %d\n", rename("/data/note.txt", "/data/sub/moved.txt"));
    stat("/data/sub/moved.txt", &info);
    printf("size: %lld\n", (long long)info.st_size);
    printf("symlink: %d\n", symlink("moved.txt", "/data/sub/link"));
    file = fopen("/data/sub/link", "r");
    printf("through link: %s", fgets(line, sizeof line, file));
    fclose(file);
    DIR *folder = opendir("/data/sub");
    for (struct dirent *entry; (entry = readdir(folder));) printf("entry: %s\n", entry->d_name);
    closedir(folder);
    refuse("rmdir full", rmdir("/data/sub"));
    refuse("missing", open("/data/missing", O_RDONLY));
    refuse("up", open("/data/../secret", O_RDONLY));
    refuse("deep up", open("/data/sub/../../secret", O_RDONLY));
    refuse("not granted", open("/etc/passwd", O_RDONLY));
    refuse("escape link", symlink("../../secret", "/data/out") || open("/data/out", O_RDONLY) < 0 ? -1 : 0);
    refuse("host link", open("/data/hostlink", O_RDONLY));
    refuse("absolute link", symlink("/etc", "/data/abs"));
    refuse("read-only create", open("/ro/new", O_CREAT | O_WRONLY, 0666));
    refuse("read-only write", open("/ro/given.txt", O_WRONLY));
    refuse("read-only read", open("/ro/given.txt", O_RDONLY));
    refuse("read-only unlink", unlink("/ro/given.txt"));
    unlink("/data/sub/link");
    unlink("/data/sub/moved.txt");
    printf("rmdir: %d\n", rmdir("/data/sub"));
    struct timespec now, nap = {0, 2000000};
    clock_gettime(CLOCK_MONOTONIC, &now);
    nanosleep(&nap, 0);
    struct timespec later;
    clock_gettime(CLOCK_MONOTONIC, &later);
    printf("slept: %s\n", (later.tv_sec - now.tv_sec) * 1000000000ll + later.tv_nsec - now.tv_nsec >= 2000000 ? "yes" : "no");
    fprintf(stderr, "to error\n");
    return 42;
}
