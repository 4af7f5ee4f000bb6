// What a Go program sees of its host; every language's program of this folder prints the same. With the argument "panic" or "together" it does that instead.
package main

import (
	"io"
	"os"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func refused(path string) string {
	if file, err := os.Open(path); err == nil {
		file.Close()
		return "allowed"
	}
	return "refused"
}

func say(text string) {
	os.Stdout.WriteString(text + "\n")
}

// Goroutines that sleep and compute while another waits for input, which only input that does not block allows.
func together() {
	syscall.SetNonblock(0, true)
	stdin := os.NewFile(0, "stdin")
	input := make(chan string)
	go func() {
		bytes, _ := io.ReadAll(stdin)
		input <- strings.TrimSpace(string(bytes))
	}()
	squares := make(chan int)
	for i := 1; i <= 100; i++ {
		go func() {
			time.Sleep(time.Duration(101-i) * 100 * time.Microsecond)
			squares <- i * i
		}()
	}
	total := 0
	for range 100 {
		total += <-squares
	}
	say("squares: " + strconv.Itoa(total))
	select {
	case <-time.After(10 * time.Millisecond):
		say("still waiting: true")
	case <-input:
		say("still waiting: false")
	}
	say("in: " + <-input)
}

func main() {
	if len(os.Args) == 2 {
		switch os.Args[1] {
		case "panic":
			var none map[string]int
			none["nothing"]++
		case "together":
			together()
			return
		}
	}
	say("arguments: " + strings.Join(os.Args[1:], "|"))
	say("env: " + os.Getenv("GREETING"))
	input, _ := io.ReadAll(os.Stdin)
	say("in: " + strings.ReplaceAll(strings.TrimSpace(string(input)), "\n", "|"))

	os.WriteFile("/data/note.txt", []byte("one two two three three three"), 0o600)
	text, _ := os.ReadFile("/data/note.txt")
	counts := map[string]int{}
	for _, word := range strings.Fields(string(text)) {
		counts[word]++
	}
	keys := make([]string, 0, len(counts))
	for key := range counts {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for i, key := range keys {
		keys[i] = key + "=" + strconv.Itoa(counts[key])
	}
	say("file: " + strings.Join(keys, " "))
	say("up: " + refused("/data/../secret"))
	say("not granted: " + refused("/etc/passwd"))
	began := time.Now()
	time.Sleep(2 * time.Millisecond)
	say("clocks: " + strconv.FormatBool(time.Since(began) >= 2*time.Millisecond && began.Unix() > 1_600_000_000))
	os.Stderr.WriteString("to error\n")
	os.Exit(42)
}
